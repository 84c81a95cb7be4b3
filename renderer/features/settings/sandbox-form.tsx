import { Button, Group, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SandboxPayment } from '../../../shared/model/conformance.ts'
import { useApi } from '../../api/provider.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useFormat } from '../../i18n/format.ts'

/** An account of the payment system's sandbox, and the PIN under which test money goes there. */
export function SandboxForm({ onRun }: { onRun: (sandbox: SandboxPayment & { readonly pin: string }) => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const format = useFormat()
  const askPin = useAskPin()
  const [open, setOpen] = useState(false)
  const [programmeId, setProgrammeId] = useState('')
  const [payeeAddress, setPayeeAddress] = useState('')
  const [payeeName, setPayeeName] = useState('')
  const [amount, setAmount] = useState<number | null>()
  const programmes = useQuery(
    api.programmes.programme.list.queryOptions(undefined, { kinds: ['programme'], enabled: open }),
  )
  const programme = programmes.data?.find(({ programme: { id } }) => id === programmeId)?.programme
  const whole = programme !== undefined && (amount ?? 0) > 0 && payeeAddress !== '' && payeeName.trim() !== ''

  const send = async (): Promise<void> => {
    if (programme === undefined || amount == null) return
    const account = { programmeId, payeeAddress, payeeName, amount, currency: programme.currency }
    await askPin({
      title: t('selfTest.confirmTitle'),
      body: t('selfTest.confirmBody', {
        amount: format.money(amount, programme.currency),
        payee: payeeAddress,
      }),
      confirmLabel: t('selfTest.run'),
      run: async (pin) => onRun({ ...account, pin }),
    })
  }
  return (
    <Stack>
      <Switch
        label={t('selfTest.withSandbox')}
        description={t('selfTest.sandboxMeaning')}
        checked={open}
        onChange={(event) => setOpen(event.currentTarget.checked)}
      />
      {open && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label={t('selfTest.programme')}
              value={programmeId}
              onChange={(chosen) => setProgrammeId(chosen ?? '')}
              data={(programmes.data ?? []).map(({ programme: { id, name } }) => ({ value: id, label: name }))}
              allowDeselect={false}
            />
            {programme !== undefined && (
              <MoneyField
                key={programme.currency}
                label={t('selfTest.amount')}
                currency={programme.currency}
                value={amount ?? null}
                onChange={setAmount}
              />
            )}
            <TextInput
              label={t('selfTest.payee')}
              value={payeeAddress}
              onChange={(event) => setPayeeAddress(event.currentTarget.value.trim())}
              dir="ltr"
              maxLength={256}
              autoComplete="off"
              spellCheck={false}
            />
            <TextInput
              label={t('selfTest.payeeName')}
              value={payeeName}
              onChange={(event) => setPayeeName(event.currentTarget.value)}
              maxLength={200}
              autoComplete="off"
            />
          </SimpleGrid>
          <Group>
            <Button variant="default" disabled={!whole} onClick={() => void send()}>
              {t('selfTest.run')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}
