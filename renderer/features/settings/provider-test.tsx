import { Button, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconPlugConnected } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import classes from './settings.module.css'

/** Tries a provider as far as that needs nobody to sign in, and names what is wrong. */
export function ProviderTest({ id }: { id: string }) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const test = useMutation(api.signIn.test.mutationOptions())
  return (
    <Stack gap="xs" align="stretch">
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlugConnected size={14} />}
          loading={test.isPending}
          onClick={() => test.mutate({ id })}
        >
          {t('test')}
        </Button>
      </Group>
      {test.error && <FaultMessage fault={test.error} />}
      {test.data && (
        <ul className={classes.findings} aria-live="polite">
          {test.data.map(({ check, fault }) => (
            <li key={check} data-check={check}>
              <IconCircleCheck size={18} aria-hidden visibility={fault === null ? 'visible' : 'hidden'} />
              <div>
                <Text fw={560}>{t(`checks.${check}`)}</Text>
                {fault === null ? <Text c="dimmed">{t('fine')}</Text> : <FaultMessage fault={fault} />}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  )
}
