import { Button, Group, Select, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import { checkFacts, composeName, factFields, type RegistrantFacts } from '../../../shared/rules/registrant-entry.ts'
import { useApi } from '../../api/provider.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { todayText } from '../../i18n/today.ts'
import type { Problem, SaveOutcome, View } from './answers.ts'
import { ConflictDialog } from './conflict-dialog.tsx'

export const noFacts = (): RegistrantFacts => ({
  registryNumber: '',
  name: '',
  givenName: '',
  familyName: '',
  additionalName: '',
  groupKind: '',
  gender: '',
  birthdate: null,
  address: '',
  area: '',
  modeOfPayment: 'digital',
  tags: [],
  registrationDate: todayText(),
})

export const factsOf = (view: View): RegistrantFacts =>
  Object.fromEntries(factFields.map((field) => [field, view[field]])) as unknown as RegistrantFacts

interface FactsFormProps {
  kind: View['kind']
  /** What the form begins with. */
  facts: RegistrantFacts
  /** Version that is edited; empty for somebody new. */
  base: string
  /** Saves what was changed, over the version `base`. */
  save: (changed: Partial<RegistrantFacts>, base: string) => Promise<SaveOutcome>
  onSaved: (view: View) => void
  onCancel: () => void
  saveLabel: string
  /** What is saved is seen at once and answered later; otherwise saving waits for its answer. */
  isLive?: boolean
  /** Told while one writes, for hints about duplicates. */
  onWriting?: (facts: RegistrantFacts) => void
  children?: ReactNode
}

/** The facts of a person or group. Where they come from and where they go is the caller's matter. */
export function FactsForm(props: FactsFormProps) {
  const { kind, save, onSaved, onCancel, saveLabel, isLive = false, onWriting, children } = props
  const { t } = useTranslation('registrants')
  const api = useApi()
  const ask = useDialog()
  // The record may change under the form: what the officer began with decides what they changed.
  const [begun] = useState({ facts: props.facts, base: props.base })
  const [facts, setFacts] = useState(begun.facts)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<readonly Problem[]>([])
  const [fault, setFault] = useState<Error | Fault>()
  const [busy, setBusy] = useState(false)
  const areas = useQuery(api.registry.areas.queryOptions({ prefix: '' }, { kinds: ['registrant'] }))

  const isPerson = kind === 'individual'
  const named = isPerson ? { ...facts, name: composeName({ ...facts, name: '' }) || facts.name } : facts
  const { problems } = checkFacts(named, todayText())
  const write = (changes: Partial<RegistrantFacts>): void => {
    const next = { ...facts, ...changes }
    setFacts(next)
    setRefused((before) => before.filter(({ field }) => !(field in changes)))
    onWriting?.(isPerson ? { ...next, name: composeName({ ...next, name: '' }) || next.name } : next)
  }
  const leave = (field: string): void => setLeft((before) => new Set(before).add(field))
  /** The sentence under a field: what the core refused, or what the rules say once the field was left or filled. */
  const errorAt = (field: keyof RegistrantFacts): string | undefined => {
    const found =
      refused.find((one) => one.field === field) ??
      problems.find((one) => one.field === field && (left.has(field) || facts[field] !== begun.facts[field]))
    return found && codeSentence(t, found.code, found.params)
  }
  const text = (field: 'registryNumber' | 'name' | 'givenName' | 'familyName' | 'additionalName' | 'groupKind') => ({
    label: t(`fields.${field}`),
    value: facts[field],
    error: errorAt(field),
    onBlur: () => leave(field),
    onChange: (event: { currentTarget: { value: string } }) => write({ [field]: event.currentTarget.value }),
  })
  const day = (field: 'birthdate' | 'registrationDate') => ({
    label: t(`fields.${field}`),
    type: 'date',
    value: facts[field] ?? '',
    error: errorAt(field),
    onBlur: () => leave(field),
    onChange: (event: { currentTarget: { value: string } }) =>
      write(
        field === 'birthdate'
          ? { birthdate: event.currentTarget.value || null }
          : { registrationDate: event.currentTarget.value },
      ),
  })

  const send = async (wanted: RegistrantFacts, base: string): Promise<void> => {
    const changed =
      base === ''
        ? wanted
        : Object.fromEntries(
            factFields
              .filter((field) => JSON.stringify(wanted[field]) !== JSON.stringify(begun.facts[field]))
              .map((field) => [field, wanted[field]]),
          )
    const outcome = await save(changed, base)
    if (outcome.outcome === 'saved') return onSaved(outcome.view)
    if (outcome.outcome === 'problems') return setRefused(outcome.problems)
    const { fields, theirs } = outcome
    const solved = await ask<RegistrantFacts>((close) => (
      <ConflictDialog fields={fields} mine={wanted} theirs={theirs} onClose={close} />
    ))
    if (solved) await send(solved, theirs.changedAt)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setLeft(new Set(factFields))
    if (problems.length > 0 || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await send(named, begun.base)
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate data-live={isLive}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {isPerson ? (
            <>
              <TextInput
                {...text('givenName')}
                data-autofocus
                required
                error={errorAt('givenName') ?? errorAt('name')}
              />
              <TextInput {...text('familyName')} />
              <TextInput {...text('additionalName')} />
            </>
          ) : (
            <>
              <TextInput {...text('name')} data-autofocus required />
              <TextInput {...text('groupKind')} />
            </>
          )}
          <TextInput {...text('registryNumber')} description={t('form.numberHint')} />
          {isPerson && (
            <>
              <TextInput {...day('birthdate')} />
              <Select
                label={t('fields.gender')}
                value={facts.gender}
                data={(['', 'female', 'male', 'other'] as const).map((value) => ({
                  value,
                  label: value === '' ? t('form.notSaid') : t(`genders.${value}`),
                }))}
                allowDeselect={false}
                onChange={(gender) => write({ gender: (gender ?? '') as RegistrantFacts['gender'] })}
              />
            </>
          )}
          <TextInput
            label={t('fields.area')}
            list="registrant-areas"
            value={facts.area}
            error={errorAt('area')}
            onBlur={() => leave('area')}
            onChange={(event) => write({ area: event.currentTarget.value })}
          />
          <Select
            label={t('fields.modeOfPayment')}
            value={facts.modeOfPayment}
            data={(['digital', 'cash', 'voucher'] as const).map((value) => ({ value, label: t(`modes.${value}`) }))}
            allowDeselect={false}
            onChange={(mode) => write({ modeOfPayment: (mode ?? 'digital') as RegistrantFacts['modeOfPayment'] })}
          />
          <TextInput {...day('registrationDate')} required />
          <TagsInput
            label={t('fields.tags')}
            value={[...facts.tags]}
            error={errorAt('tags')}
            onChange={(tags) => write({ tags })}
          />
        </SimpleGrid>
        <datalist id="registrant-areas">
          {areas.data?.slice(0, 100).map((area) => (
            <option key={area} value={area} />
          ))}
        </datalist>
        <Textarea
          label={t('fields.address')}
          value={facts.address}
          error={errorAt('address')}
          autosize
          minRows={2}
          onBlur={() => leave('address')}
          onChange={(event) => write({ address: event.currentTarget.value })}
        />
        {children}
        {fault && <FaultMessage fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {saveLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
