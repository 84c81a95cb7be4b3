import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { CallbackStatus } from './answers.ts'

/** The secret address of each payment manager; seen once, when it is made. */
export function CallbackPaths({ status, onChanged }: { status: CallbackStatus; onChanged: () => void }) {
  const { t } = useTranslation('callbacks')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const whyNot = useId()
  const [made, setMade] = useState<{ managerId: string; address: string }>()
  const renew = async ({ id, name, pathSince }: CallbackStatus['managers'][number]): Promise<void> => {
    const done = await askPin({
      title: t(pathSince === null ? 'make' : 'renew'),
      body: t(pathSince === null ? 'makeMeaning' : 'renewMeaning', { name }),
      confirmLabel: t(pathSince === null ? 'make' : 'renew'),
      run: (pin) => api.callbacks.renewPath.run({ managerId: id, pin }),
    })
    if (!done) return
    setMade({ managerId: id, address: done.value.address })
    onChanged()
  }
  return (
    <Section title={t('paths')} description={t('pathsMeaning')}>
      <Stack>
        {status.managers.length === 0 && <Text c="dimmed">{t('noManagers')}</Text>}
        {may && status.managers.length > 0 && status.base === '' && (
          <Text id={whyNot} size="sm">
            {t('pathsNeedBase')}
          </Text>
        )}
        {status.managers.map((manager) => (
          <Stack key={manager.id} gap="xs">
            <Group justify="space-between">
              <div>
                <Text fw={600}>{manager.name}</Text>
                <Text size="sm" c="dimmed">
                  {manager.pathSince === null ? (
                    t('noPath')
                  ) : (
                    <>
                      {t('pathMade')} <MomentText at={manager.pathSince} show="date" />
                    </>
                  )}
                </Text>
                {!manager.signed && (
                  <Text size="sm" c="dimmed">
                    {t('unsigned')}
                  </Text>
                )}
              </div>
              {may && (
                <Button
                  size="xs"
                  variant="default"
                  disabled={status.base === ''}
                  aria-describedby={status.base === '' ? whyNot : undefined}
                  onClick={() => void renew(manager)}
                  aria-label={`${t(manager.pathSince === null ? 'make' : 'renew')}: ${manager.name}`}
                >
                  {t(manager.pathSince === null ? 'make' : 'renew')}
                </Button>
              )}
            </Group>
            {made?.managerId === manager.id && (
              <Alert color="ochre" role="status" title={t('shownOnce')}>
                <CopyText value={made.address} />
              </Alert>
            )}
          </Stack>
        ))}
      </Stack>
    </Section>
  )
}
