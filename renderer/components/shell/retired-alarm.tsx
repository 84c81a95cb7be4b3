import { Alert } from '@mantine/core'
import { IconDeviceLaptopOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'

/** Says on every screen, and before anybody signs in, that the office of this laptop has moved or is about to. */
export function RetiredAlarm() {
  const { t } = useTranslation('moving')
  const api = useApi()
  const { data } = useQuery(api.setup.status.queryOptions(undefined, { kinds: ['officer'] }))
  if (!data?.retired) return null
  const isWhole = data.retired.isWhole
  return (
    <Alert
      role="alert"
      color="ochre"
      icon={<IconDeviceLaptopOff size={18} />}
      title={t(isWhole ? 'retired.title' : 'retired.cutOff')}
      data-retired
    >
      {t(isWhole ? 'retired.meaning' : 'retired.cutOffMeaning')}
    </Alert>
  )
}
