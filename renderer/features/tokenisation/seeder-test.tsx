import { Button, Group, Text } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'

/** Asks the seeder a question that costs nothing. */
export function SeederTest({ mtsUrl }: { mtsUrl: string }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const test = useMutation({
    mutationFn: () => api.tokenisation.connectors.delivery.ask({ mtsUrl, asks: true }),
  })
  const seeder = test.data?.seeder
  return (
    <>
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlugConnected size={14} />}
          loading={test.isPending}
          disabled={!URL.canParse(mtsUrl)}
          onClick={() => test.mutate()}
        >
          {t('seederTest.ask')}
        </Button>
        {seeder?.reached && (
          <Text size="sm" c="moss" role="status">
            {t('seederTest.reached')}
          </Text>
        )}
      </Group>
      {seeder?.fault && <FaultMessage fault={seeder.fault} />}
      {test.error && <FaultMessage fault={test.error} />}
    </>
  )
}
