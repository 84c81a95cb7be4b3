import { Alert } from '@mantine/core'
import { IconFileX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { useMay } from '../../state/session.ts'

/** Says that the office was ended in the middle of a list, and that nothing of that list is left. */
export function CutOffList({ subjectId }: { subjectId: string }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const queryClient = useQueryClient()
  const isClerk = useMay('clerk')
  const query = useQuery(
    api.programmes.lists.cutOff.queryOptions({ subjectId }, { kinds: ['enrolment', 'entitlement'] }),
  )
  if (query.data !== true) return null
  const close = async (): Promise<void> => {
    try {
      await api.programmes.lists.noteCutOff.run({ subjectId })
      await queryClient.invalidateQueries({ queryKey: api.programmes.lists.cutOff.queryKey() })
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <Alert
      color="ochre"
      icon={<IconFileX size={18} />}
      title={t('lists.cutOff')}
      withCloseButton={isClerk}
      closeButtonLabel={t('leftOut.close')}
      onClose={() => void close()}
    >
      {t('lists.cutOffMeaning')}
    </Alert>
  )
}
