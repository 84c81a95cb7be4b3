import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMaySee } from '../../state/session.ts'

/** Walks the whole chain; what it finds stands above the entries. */
export function Verification() {
  const { t } = useTranslation('audit')
  const api = useApi()
  const format = useFormat()
  const queryClient = useQueryClient()
  const may = useMaySee('auditor', 'administrator')
  const verify = useMutation({
    mutationFn: () => api.audit.verify.ask(undefined),
    onSuccess: ({ checked, break: found }) => {
      if (found === null) notifyDone(t('verify.whole', { count: checked, number: format.number(checked) }))
    },
    onError: notifyFault,
    onSettled: () => queryClient.invalidateQueries({ queryKey: api.upkeep.status.queryKey() }),
  })
  if (!may) return null
  return (
    <Button
      leftSection={<IconShieldCheck size={16} />}
      loading={verify.isPending}
      title={t('verify.meaning')}
      onClick={() => verify.mutate()}
    >
      {t('verify.run')}
    </Button>
  )
}
