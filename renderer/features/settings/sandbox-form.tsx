import { Alert, Button, Group, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SandboxPayment } from '../../../shared/model/conformance.ts'
import { parseFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { useApi } from '../../api/provider.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'

interface SandboxFormProps {
  /** A test is on its way. */
  disabled: boolean
  /** How an address looks at this payment system. */
  sample: string
  /** Resolves when the test has begun; a fault before that is shown where the PIN was asked. */
  onRun: (sandbox: SandboxPayment & { readonly pin: string }) => Promise<void>
  /** The PIN was right, and the dialog is gone. */
  onBegun: () => void
}

/** An account of the payment system's sandbox, and the PIN under which test money goes there. */
export function SandboxForm({ disabled, sample, onRun, onBegun }: SandboxFormProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const format = useFormat()
  const askPin = useAskPin()
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState('')
  const [payeeAddress, setPayeeAddress] = useState('')
  const [payeeName, setPayeeName] = useState('')
  const [amount, setAmount] = useState<number | null>()
  const programmes = useQuery(
    api.programmes.programme.list.queryOptions(undefined, { kinds: ['programme'], enabled: open }),
  )
  const known = (programmes.data ?? []).map(({ programme }) => programme)
  const programme = known.find(({ id }) => id === chosen) ?? (known.length === 1 ? known[0] : undefined)
  const address = parseFinancialAddress(payeeAddress)
  const name = cleanLine(payeeName)
  const [nameProblem] = name.problems
  const whole = programme !== undefined && (amount ?? 0) > 0 && address.ok && name.text !== '' && !nameProblem

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!whole || amount == null || disabled) return
    const account = {
      programmeId: programme.id,
      payeeAddress,
      payeeName: name.text,
      amount,
      currency: programme.currency,
    }
    const done = await askPin({
      title: t('selfTest.confirmTitle'),
      body: t('selfTest.confirmBody', { amount: format.money(amount, programme.currency), payee: payeeAddress }),
      confirmLabel: t('selfTest.runSandbox'),
      run: (pin) => onRun({ ...account, pin }),
    })
    if (done) onBegun()
  }
  return (
    <Stack>
      <Switch
        label={t('selfTest.withSandbox')}
        description={t('selfTest.sandboxMeaning')}
        checked={open}
        onChange={(event) => setOpen(event.currentTarget.checked)}
      />
      {open && programmes.data?.length === 0 && <Alert color="ochre">{t('selfTest.noProgramme')}</Alert>}
      {open && (
        <form onSubmit={(event) => void send(event)}>
          <Stack>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput
                label={t('selfTest.payee')}
                description={t('selfTest.payeeMeaning', { sample })}
                value={payeeAddress}
                onChange={(event) => setPayeeAddress(event.currentTarget.value.trim())}
                error={payeeAddress !== '' && !address.ok && codeSentence(t, address.error.code, address.error.params)}
                dir="ltr"
                maxLength={256}
                autoComplete="off"
                spellCheck={false}
                disabled={disabled}
              />
              <TextInput
                label={t('selfTest.payeeName')}
                description={t('selfTest.payeeNameMeaning')}
                value={payeeName}
                onChange={(event) => setPayeeName(event.currentTarget.value)}
                error={nameProblem && codeSentence(t, nameProblem.code, nameProblem.params)}
                maxLength={200}
                autoComplete="off"
                disabled={disabled}
              />
              <Select
                label={t('selfTest.programme')}
                description={t('selfTest.programmeMeaning')}
                value={programme?.id ?? null}
                onChange={(value) => setChosen(value ?? '')}
                data={known.map(({ id, name: label }) => ({ value: id, label }))}
                allowDeselect={false}
                disabled={disabled}
              />
              <MoneyField
                key={programme?.currency ?? ''}
                label={t('selfTest.amount')}
                description={t('selfTest.amountMeaning')}
                currency={programme?.currency ?? ''}
                value={amount ?? null}
                onChange={setAmount}
                disabled={disabled || programme === undefined}
              />
            </SimpleGrid>
            <Group>
              <Button type="submit" variant="default" disabled={!whole || disabled}>
                {t('selfTest.runSandbox')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  )
}
