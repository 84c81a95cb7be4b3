import { Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseAmount } from '../../../shared/rules/money.ts'
import { findingsOf } from '../../../shared/rules/payment-life.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
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

  const parsed = amount.trim() === '' ? undefined : parseAmount(amount, payment.currency, format.locale)
  const problemOf = (text: string): string | undefined => {
    const [problem] = cleanLine(text).problems
    return problem && codeSentence(t, problem.code, problem.params)
  }
  const ready =
    finding !== undefined &&
    parsed?.ok !== false &&
    [reference, document].every((text) => text.trim() !== '' && problemOf(text) === undefined)

  const record = async (pin: string): Promise<void> => {
    if (finding === undefined) return
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
  }
  return (
    <DeedDialog
      title={t('evidence.title')}
      confirmLabel={t('evidence.confirm')}
      ready={ready}
      run={record}
      onClose={onClose}
    >
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
    </DeedDialog>
  )
}
