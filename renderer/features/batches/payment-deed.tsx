import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PartKey } from '../../../shared/model/payment.ts'
import { useApi } from '../../api/provider.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useMay, useRoles } from '../../state/session.ts'
import type { Evidence, PaymentPage } from './answers.ts'
import { useApproveResend } from './approve-resend.tsx'
import { EvidenceDialog } from './evidence-dialog.tsx'
import { deedOf } from './payment-deeds.ts'

interface PaymentDeedProps {
  payment: PaymentPage['payment']
  officers: PaymentPage['officers']
  /** Nothing proves yet that no money moved. */
  needsProof: boolean
  /** Number of the part that carries it; null before it was sent. */
  part: PartKey | null
}

/** The one action of a payment that stands so, with the evidence that officers gave about it. */
export function PaymentDeed({ payment, officers, needsProof, part: number }: PaymentDeedProps) {
  const { t } = useTranslation('batches')
  const api = useApi()
  const roles = useRoles()
  const may = useMay()
  const queryClient = useQueryClient()
  const show = useDialog()
  const askPin = useAskPin()
  const approveResend = useApproveResend()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const open = ['sent', 'acknowledged', 'unknown', 'review'].includes(payment.state)
  const kinds = ['payment', 'observation', 'delivery', 'batch']
  const parts = useQuery(
    api.dispatch.parts.queryOptions({ batchId: payment.batchId }, { kinds, enabled: open && number !== null }),
  )
  const evidence = useQuery(
    api.dispatch.evidence.queryOptions(
      { paymentId: payment.id },
      { kinds, enabled: !['prepared', 'queued', 'blocked'].includes(payment.state) },
    ),
  )
  const facts = {
    payment,
    needsProof,
    part: parts.data?.find(({ part }) => part === number),
    evidence: evidence.data ?? [],
    officer: { roles },
  }
  const deed = may ? deedOf(facts) : undefined
  const asked = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: api.dispatch.evidence.queryKey() }),
      queryClient.invalidateQueries({ queryKey: api.dispatch.parts.queryKey() }),
    ])

  const lookUp = async (): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      await api.dispatch.checkPayment.run({ paymentId: payment.id })
      notifyDone(t('deed.lookedUp'))
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  const confirm = async (found: Evidence): Promise<void> => {
    const done = await askPin({
      title: t('deed.confirmTitle'),
      body: <EvidenceFacts evidence={found} officers={officers} currency={payment.currency} />,
      confirmLabel: t('deed.confirmEvidence'),
      run: (pin) => api.dispatch.confirmEvidence.run({ evidenceId: found.id, pin }),
    })
    if (done) await asked()
  }
  const record = async (): Promise<void> => {
    await show<void>((close) => <EvidenceDialog payment={payment} onClose={close} />)
    await asked()
  }
  const act = (): void => {
    if (deed?.kind === 'lookUp') void lookUp()
    if (deed?.kind === 'approveResend') void approveResend(payment.batchId, deed.part)
    if (deed?.kind === 'recordEvidence' || deed?.kind === 'recordProof' || deed?.kind === 'recordReversal') {
      void record()
    }
    if (deed?.kind === 'confirmEvidence') void confirm(deed.evidence)
  }
  const confirmed = (evidence.data ?? []).filter(({ confirmedBy }) => confirmedBy !== null)

  return (
    <Stack gap="sm">
      {deed?.kind === 'recordReversal' && (
        <Button size="xs" variant="default" onClick={act} style={{ alignSelf: 'start' }}>
          {t('deed.recordReversal')}
        </Button>
      )}
      {deed && deed.kind !== 'recordReversal' && (
        <Alert color={deed.kind === 'lookUp' ? 'slate' : 'ochre'}>
          <Group justify="space-between" gap="sm">
            <Text maw={420}>
              {t(`deed.${deed.kind}Why`)}
              {deed.kind !== 'lookUp' && !deed.allowed && <> {t(`deed.${deed.kind}Who`)}</>}
            </Text>
            {(deed.kind === 'lookUp' || deed.allowed) && (
              <Button size="xs" loading={busy} onClick={act}>
                {t(`deed.${deed.kind}`)}
              </Button>
            )}
            {deed.kind === 'confirmEvidence' && deed.mayReplace && (
              <Button size="xs" variant="default" onClick={() => void record()}>
                {t('deed.replaceEvidence')}
              </Button>
            )}
          </Group>
          {deed.kind === 'confirmEvidence' && (
            <EvidenceFacts evidence={deed.evidence} officers={officers} currency={payment.currency} />
          )}
        </Alert>
      )}
      {fault && <FaultMessage fault={fault} />}
      {confirmed.map((one) => (
        <EvidenceFacts key={one.id} evidence={one} officers={officers} currency={payment.currency} />
      ))}
    </Stack>
  )
}

function EvidenceFacts({
  evidence,
  officers,
  currency,
}: {
  evidence: Evidence
  officers: PaymentPage['officers']
  currency: string
}) {
  const { t } = useTranslation('batches')
  return (
    <FactList
      facts={[
        { name: t('evidence.finding'), value: t(`evidence.findings.${evidence.finding}`) },
        { name: t('columns.amount'), value: <Money minor={evidence.amount} currency={currency} /> },
        { name: t('evidence.reference'), value: <bdi>{evidence.reference}</bdi> },
        { name: t('evidence.document'), value: <bdi>{evidence.document}</bdi> },
        {
          name: t('evidence.recordedBy'),
          value: (
            <>
              <bdi>{officers[evidence.recordedBy] ?? evidence.recordedBy}</bdi>,{' '}
              <MomentText at={evidence.recordedAt} show="date" />
            </>
          ),
        },
        ...(evidence.confirmedBy === null
          ? []
          : [
              {
                name: t('evidence.confirmedBy'),
                value: <bdi>{officers[evidence.confirmedBy] ?? evidence.confirmedBy}</bdi>,
              },
            ]),
      ]}
    />
  )
}
