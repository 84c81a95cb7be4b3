import { NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type AmountsFormat, LARGEST_PART, StatusBy } from '../../../shared/model/payment-manager.ts'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { FilterField } from '../../components/filter/filter-field.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { HubNumber } from './hub-fields.tsx'
import type { ManagerDraft } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { differing } from './profile-suggestions.ts'

type NamesOf<T> = { [K in keyof ManagerDraft]-?: ManagerDraft[K] extends T ? K : never }[keyof ManagerDraft]

const underneath = ['label', 'input', 'description', 'error'] as const

/** The fields of one kind, tied to the draft. */
export function useFields({ draft, change, wrongAt, doubtAt, readOnly, profile }: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const others: ReadonlySet<string> = new Set(differing(draft, profile))
  const marked = (name: string, text: string): string =>
    others.has(name) ? [text, t('profile.other')].filter((one) => one !== '').join(' ') : text
  const said = (name: string) => ({
    label: t(`fields.${name}`),
    description: marked(name, doubtAt(name) ?? t(`explains.${name}`, { defaultValue: '' })),
    error: wrongAt(name),
  })
  // Explanations differ in length; below the inputs they leave these side by side on one line.
  const words = (name: string) => ({ ...said(name), inputWrapperOrder: [...underneath] })
  return {
    text: (name: NamesOf<string>) => ({
      ...words(name),
      value: draft[name] as string,
      onChange: (event: { currentTarget: { value: string } }) =>
        change({ [name]: event.currentTarget.value } as Partial<ManagerDraft>),
      autoComplete: 'off',
      spellCheck: false,
      readOnly,
    }),
    number: (name: NamesOf<number>, min: number, max: number) => ({
      ...words(name),
      value: draft[name] as number,
      onChange: (value: string | number) => change({ [name]: Number(value) } as Partial<ManagerDraft>),
      min,
      max,
      allowDecimal: false,
      readOnly,
    }),
    flag: (name: NamesOf<boolean>) => ({
      ...said(name),
      checked: draft[name] as boolean,
      onChange: (event: { currentTarget: { checked: boolean } }) =>
        change({ [name]: event.currentTarget.checked } as Partial<ManagerDraft>),
    }),
    words,
  }
}

/** Whether there is anything to choose: a receiver that knows only one way is not asked which, unless another is set. */
const isChoice = ({ draft, profile }: ManagerFormPart, field: 'mode' | 'statusBy'): boolean => {
  const takes: readonly string[] | undefined = profile?.takes[field]
  return takes === undefined || takes.length > 1 || !takes.includes(draft[field])
}

/** Where messages go, and whom they are from. */
export function EndpointSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { text, number, words } = useFields(part)
  const modes = (['async', 'sync'] as const).map((mode) => ({ value: mode, label: t(`modes.${mode}`) }))
  return (
    <Section id={placeOf('endpoint')} title={t('form.endpoint')} description={t('form.endpointMeaning')}>
      <Stack>
        <TextInput {...text('paymentEndpointUrl')} type="url" />
        <TextInput {...text('statusEndpointUrl')} type="url" />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...text('senderId')} maxLength={200} />
          <TextInput {...text('receiverId')} maxLength={200} />
          <TextInput {...text('senderUri')} type="url" />
          <NumberInput {...number('apiTimeout', 1, 300)} />
          {isChoice(part, 'mode') && (
            <Select
              {...words('mode')}
              value={part.draft.mode}
              onChange={(mode) => part.change({ mode: mode === 'sync' ? 'sync' : 'async' })}
              data={modes}
              allowDeselect={false}
            />
          )}
        </SimpleGrid>
      </Stack>
    </Section>
  )
}

/** Whose money it is. */
export function PayerSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { locale } = useFormat()
  const { text, words } = useFields(part)
  const { draft, change } = part
  const known = /^[a-z]{3}$/.test(draft.locale)
    ? new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }).of(draft.locale)
    : undefined
  const formats: readonly AmountsFormat[] = ['two-decimals', 'currency-digits', 'shortest']
  return (
    <Section id={placeOf('payer')} title={t('form.payer')} description={t('form.payerMeaning')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('payerName')} maxLength={200} />
        <TextInput {...text('payerAddress')} maxLength={256} />
        <TextInput
          {...text('locale')}
          maxLength={3}
          description={known ? t('form.localeKnown', { language: known }) : t('explains.locale')}
        />
        <Select
          {...words('amountsFormat')}
          value={draft.amountsFormat}
          onChange={(chosen) => change({ amountsFormat: formats.find((one) => one === chosen) ?? 'two-decimals' })}
          data={formats.map((one) => ({ value: one, label: t(`amounts.${one}`) }))}
          allowDeselect={false}
        />
        <Select
          {...words('scheduledTimestamp')}
          value={draft.scheduledTimestamp}
          onChange={(chosen) => change({ scheduledTimestamp: chosen === 'never' ? 'never' : 'always' })}
          data={(['always', 'never'] as const).map((one) => ({ value: one, label: t(`schedules.${one}`) }))}
          allowDeselect={false}
        />
      </SimpleGrid>
    </Section>
  )
}

const schemas = filterSchemas(2)

/** What leaves by itself, and what does not. */
export function SendingSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { flag, number } = useFields(part)
  return (
    <Section id={placeOf('sending')} title={t('form.sending')} description={t('form.sendingMeaning')}>
      <Stack>
        <Switch {...flag('sendAutomatically')} />
        <FilterField
          label={t('fields.sendFilter')}
          schema={schemas.batch}
          value={part.draft.sendFilter}
          onChange={(sendFilter) => part.change({ sendFilter })}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NumberInput {...number('partSize', 1, LARGEST_PART)} />
          {part.draft.kind === 'payment-hub' && <HubNumber {...part} field="fileLimit" min={1_000} max={10_000_000} />}
        </SimpleGrid>
      </Stack>
    </Section>
  )
}

/** How the office asks what became of payments. */
export function StatusSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { flag, number, text, words } = useFields(part)
  return (
    <Section id={placeOf('status')} title={t('form.status')} description={t('form.statusMeaning')}>
      <Stack>
        <Switch {...flag('statusCheckActive')} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput {...number('statusCheckInterval', 1, 1440)} />
          {part.draft.kind === 'payment-hub' ? (
            <HubNumber {...part} field="stallLimit" min={5} max={20_160} />
          ) : (
            <>
              <NumberInput {...number('statusPageSize', 1, 5_000)} />
              <TextInput {...text('statusAction')} maxLength={40} />
            </>
          )}
        </SimpleGrid>
        {isChoice(part, 'statusBy') && (
          <Select
            {...words('statusBy')}
            value={part.draft.statusBy}
            onChange={(chosen) =>
              part.change({ statusBy: StatusBy.options.find((one) => one === chosen) ?? 'reference_id_list' })
            }
            data={StatusBy.options.map((one) => ({ value: one, label: t(`statusBy.${one}`) }))}
            allowDeselect={false}
          />
        )}
      </Stack>
    </Section>
  )
}
