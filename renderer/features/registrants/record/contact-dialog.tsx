import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { normaliseBic, normaliseEmail, normaliseIban, normalisePhone } from '../../../../shared/rules/contact.ts'
import type { Ruling } from '../../../../shared/rules/ruling.ts'
import { useApi } from '../../../api/provider.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import type { Problem } from '../answers.ts'

interface ContactDialogProps {
  registrantId: string
  kind: 'phone' | 'email' | 'account'
  /** The contact that is replaced; a new one without it. */
  id?: string | undefined
  onClose: () => void
}

const FIELDS = {
  phone: ['number'],
  email: ['address'],
  account: ['accountNumber', 'iban', 'bic', 'bankName'],
} as const

/** The same rules as in the core, so that a slip is seen while it is made. */
const RULES: Readonly<Record<string, (text: string) => Ruling<string>>> = {
  number: (text) => normalisePhone(text),
  address: normaliseEmail,
  iban: normaliseIban,
  bic: normaliseBic,
}

/** Enters or replaces a phone number, e-mail address or bank account. */
export function ContactDialog({ registrantId, kind, id, onClose }: ContactDialogProps) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [prefer, setPrefer] = useState(id === undefined)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const [busy, setBusy] = useState(false)
  const value = (field: string): string => values[field] ?? ''

  const errorAt = (field: string): string | undefined => {
    const refused = problems.find((one) => one.field === field)
    if (refused) return codeSentence(t, refused.code, refused.params)
    const ruling = value(field).trim().length > 4 ? RULES[field]?.(value(field)) : undefined
    return ruling === undefined || ruling.ok ? undefined : codeSentence(t, ruling.error.code, ruling.error.params)
  }
  const contact = () => {
    const known = id === undefined ? {} : { id }
    if (kind === 'phone') return { kind, ...known, number: value('number') }
    if (kind === 'email') return { kind, ...known, address: value('address') }
    const [accountNumber, iban, bic, bankName] = FIELDS.account.map(value) as [string, string, string, string]
    return { kind, ...known, accountNumber, iban, bic, bankName }
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    try {
      const answer = await api.registry.setContact.run({ registrantId, contact: contact(), prefer })
      setProblems(answer.problems)
      if (answer.problems.length > 0) return
      notifyDone(t('form.saved'))
      onClose()
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(false)
    }
  }
  const whole = problems.find(({ field }) => field === '')
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={640}>{id ? t('contacts.replace') : t(`contacts.add.${kind}`)}</Text>}
    >
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack>
          {FIELDS[kind].map((field, index) => (
            <TextInput
              key={field}
              label={t(`contacts.fields.${field}`)}
              value={value(field)}
              error={errorAt(field)}
              data-autofocus={index === 0 || undefined}
              dir={field === 'bankName' ? 'auto' : 'ltr'}
              autoComplete="off"
              onChange={({ currentTarget }) => {
                setProblems((before) => before.filter((one) => one.field !== field))
                setValues((before) => ({ ...before, [field]: currentTarget.value }))
              }}
            />
          ))}
          <Checkbox
            label={t('contacts.makePreferred')}
            checked={prefer}
            onChange={(event) => setPrefer(event.currentTarget.checked)}
          />
          {whole && <Text c="brick">{codeSentence(t, whole.code, whole.params)}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
