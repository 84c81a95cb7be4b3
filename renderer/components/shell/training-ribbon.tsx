import { Menu, UnstyledButton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useSession } from '../../state/session.ts'
import { notifyFault } from '../notify.tsx'
import { saveFile } from '../save-file.ts'
import classes from './shell.module.css'

/** The band across every screen and every sheet of paper of the training office. */
export function TrainingRibbon() {
  const { t } = useTranslation()
  const training = useSession((session) => session.training)
  if (!training) return null
  return (
    <div className={classes.ribbon} role="note" data-training>
      <strong>{t('training.name')}</strong>
      <span>{t('training.meaning')}</span>
      <TrainingTools />
    </div>
  )
}

/** Sizes of the practice files, in households. */
const SAMPLES = [25, 200, 5_000]

/** What one can only do in training: cut the line, and get a file of invented people. */
function TrainingTools() {
  const { t } = useTranslation()
  const { number } = useFormat()
  const api = useApi()
  const queryClient = useQueryClient()
  const line = useQuery(api.training.line.queryOptions(undefined))
  const cutLine = useMutation({
    ...api.training.cutLine.mutationOptions(),
    onSuccess: () =>
      Promise.all([line.refetch(), queryClient.invalidateQueries({ queryKey: api.home.outside.queryKey() })]),
    onError: notifyFault,
  })
  const sample = useMutation({
    mutationFn: (households: number) => api.training.sample.ask({ households }),
    onSuccess: ({ name, text }) => saveFile(name, text),
    onError: notifyFault,
  })
  const cut = line.data?.cut ?? false
  return (
    <span className={classes.ribbonTools}>
      <UnstyledButton
        className={classes.ribbonTool}
        role="switch"
        aria-checked={cut}
        disabled={!line.isSuccess || cutLine.isPending}
        onClick={() => cutLine.mutate({ cut: !cut })}
      >
        {t(cut ? 'training.restoreLine' : 'training.cutLine')}
      </UnstyledButton>
      <Menu position="bottom" shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.ribbonTool} disabled={sample.isPending}>
            {t('training.sample')}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {SAMPLES.map((households) => (
            <Menu.Item key={households} onClick={() => sample.mutate(households)}>
              {t('training.sampleOf', { count: households, shown: number(households) })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </span>
  )
}
