import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseAmount } from '../../../shared/rules/money.ts'
import { findingsOf } from '../../../shared/rules/payment-life.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PinField } from '../../components/pin-field.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import type { PaymentPage } from './answers.ts'

interface EvidenceDialogProps {
  payment: PaymentPage['payment']
  onClose: () => void
}

/** An approver writes down what a document proves about a payment; an administrator confirms it afterwards. */
export function EvidenceDialog({ payment, onClose }: EvidenceDialogProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const findings = findingsOf(payment.state)
  const [finding, setFinding] = useState(findings.length === 1 ? findings[0] : undefined)
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const [document, setDocument] = useState('')
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()

  const parsed = amount.trim() === '' ? undefined : parseAmount(amount, payment.currency, format.locale)
  const problemOf = (text: string): string | undefined => {
    const [problem] = cleanLine(text).problems
    return problem && codeSentence(t, problem.code, problem.params)
  }
  const ready =
    finding !== undefined &&
    parsed?.ok !== false &&
    [reference, document].every((text) => text.trim() !== '' && problemOf(text) === undefined) &&
    pin !== ''

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await api.dispatch.recordEvidence.run({
        paymentId: payment.id,
        finding,
        amount: finding === 'paid' && parsed?.ok ? parsed.value : null,
        reference: cleanLine(reference).text,
        document: cleanLine(document).text,
        pin,
      })
      notifyDone(t('evidence.done'))
      onClose()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setPin('')
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => !busy && onClose()}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {t('evidence.title')}
        </Text>
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text>{t('evidence.body')}</Text>
          <Radio.Group
            label={t('evidence.finding')}
            value={finding ?? null}
            onChange={(value) => setFinding(findings.find((one) => one === value))}
            required
          >
            <Stack gap="xs" mt={4}>
              {findings.map((one) => (
                <Radio key={one} value={one} label={t(`evidence.findings.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {finding === 'paid' && (
            <TextInput
              label={t('evidence.amount', { currency: payment.currency })}
              description={t('evidence.amountHint')}
              value={amount}
              onChange={(event) => setAmount(event.currentTarget.value)}
              error={parsed?.ok === false ? codeSentence(t, parsed.error.code, parsed.error.params) : undefined}
              inputMode="decimal"
            />
          )}
          <TextInput
            label={t('evidence.reference')}
            description={t('evidence.referenceHint')}
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
            error={problemOf(reference)}
            maxLength={200}
            required
          />
          <TextInput
            label={t('evidence.document')}
            description={t('evidence.documentHint')}
            value={document}
            onChange={(event) => setDocument(event.currentTarget.value)}
            error={problemOf(document)}
            maxLength={200}
            required
          />
          <PinField value={pin} onChange={setPin} />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {t('evidence.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
