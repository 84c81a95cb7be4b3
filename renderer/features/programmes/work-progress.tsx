import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { useMay } from '../../state/session.ts'

interface Progress {
  readonly kind: string
  readonly done: number
  readonly total?: number | undefined
}

/** Long work on a programme or cycle, whoever began it at whichever window of this office; null while there is none. */
export function useWork(subjectId: string): Progress | null {
  const api = useApi()
  const [work, setWork] = useState<Progress | null>(null)
  useEffect(() => api.programmes.programme.progress.follow({ subjectId }, { event: setWork }), [api, subjectId])
  return work
}

/** The progress of that work, with a way to stop it. */
export function WorkProgress({ subjectId, work }: { subjectId: string; work: Progress | null }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const mayStop = useMay('clerk', 'approver')
  if (work === null) return null
  const stop = (): void => void api.programmes.programme.stop.run({ subjectId }).catch(notifyFault)
  return (
    <ProgressPanel
      title={t(`work.${work.kind}`)}
      done={work.done}
      total={work.total}
      canBeLeft
      {...(mayStop ? { onCancel: stop } : {})}
    />
  )
}
