import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  type CsvForm,
  type FileColumn,
  fileFields,
  openG2PColumns,
  PaidStatus,
  type Pain001Form,
  type PaymentFileSettings,
  type ResultColumns,
  type VoucherConfiguration,
  type VouchersForm,
  voucherFields,
} from '../../../shared/model/payment-file.ts'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { fileForms, newFileForm, newVoucherConfiguration } from './file-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'
import classes from './settings.module.css'
import { algorithmsOf } from './signing-choices.ts'

type FilePart = ManagerFormPart & { readonly settings: PaymentFileSettings }

/** Names what it is and in which form its files are; who signs them. */
export function FileSection(part: FilePart) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const { text } = useFields(part)
  const keys = useQuery(api.managers.messageKeys.queryOptions()).data ?? []
  const { settings, change, wrongAt } = part
  const { file, signing } = settings
  const put = (next: Partial<PaymentFileSettings>): void => change({ paymentFile: { ...settings, ...next } })
  const putFile = (next: PaymentFileSettings['file']): void => put({ file: next })
  const fit = keys.filter(({ purpose }) => purpose === 'signing')
  return (
    <Section id={placeOf('file')} title={t('form.file')} description={t('form.fileMeaning')}>
      <Stack>
        <TextInput {...text('name')} maxLength={200} />
        <Select
          label={t('file.form')}
          value={file.form}
          onChange={(chosen) => {
            const form = fileForms.find((one) => one === chosen)
            if (form !== undefined && form !== file.form) putFile(newFileForm(form))
          }}
          data={fileForms.map((form) => ({ value: form, label: t(`file.forms.${form}`) }))}
          allowDeselect={false}
        />
        {file.form === 'csv' && <CsvFields form={file} onChange={putFile} wrongAt={wrongAt} />}
        {file.form === 'pain.001' && <Pain001Fields form={file} onChange={putFile} wrongAt={wrongAt} />}
        {file.form === 'list' && (
          <Textarea
            label={t('file.note')}
            value={file.note}
            onChange={(event) => putFile({ ...file, note: event.currentTarget.value })}
            maxLength={500}
            autosize
          />
        )}
        {file.form === 'vouchers' && (
          <VoucherFields
            form={file}
            tags={part.draft.batchTags}
            onChange={putFile}
            error={wrongAt('paymentFile.file.configurations')}
          />
        )}
        <Select
          label={t('file.key')}
          description={t('file.keyMeaning')}
          error={wrongAt('paymentFile.signing')}
          value={signing.keyId}
          onChange={(keyId) => {
            const type = fit.find((one) => one.keyId === keyId)?.type
            const [alg = 'EdDSA'] = algorithmsOf(type)
            if (keyId !== null) put({ signing: { keyId, alg } })
          }}
          data={fit.map(({ keyId, type }) => ({ value: keyId, label: `${type} · ${keyId.slice(0, 16)}` }))}
          allowDeselect={false}
        />
      </Stack>
    </Section>
  )
}

interface FormFields<F> {
  form: F
  onChange: (form: F) => void
  wrongAt: ManagerFormPart['wrongAt']
}

const DELIMITERS = [',', ';', '\t', '|'] as const

function CsvFields({ form, onChange, wrongAt }: FormFields<CsvForm>) {
  const { t } = useTranslation('settings')
  const { columns } = form
  const put = (index: number, column: Partial<FileColumn>): void =>
    onChange({ ...form, columns: columns.map((known, at) => (at === index ? { ...known, ...column } : known)) })
  const move = (index: number, by: 1 | -1): void => {
    const next = [...columns]
    const [column] = next.splice(index, 1)
    if (column) next.splice(index + by, 0, column)
    onChange({ ...form, columns: next })
  }
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Select
          label={t('file.delimiter')}
          value={form.delimiter}
          onChange={(chosen) => onChange({ ...form, delimiter: DELIMITERS.find((one) => one === chosen) ?? ',' })}
          data={DELIMITERS.map((one) => ({ value: one, label: one === '\t' ? t('file.tabulator') : one }))}
          allowDeselect={false}
        />
        <Select
          label={t('file.lineEnd')}
          value={form.lineEnd}
          onChange={(chosen) => onChange({ ...form, lineEnd: chosen === 'lf' ? 'lf' : 'crlf' })}
          data={[
            { value: 'crlf', label: 'CR LF' },
            { value: 'lf', label: 'LF' },
          ]}
          allowDeselect={false}
        />
        <Switch
          label={t('file.byteOrderMark')}
          checked={form.byteOrderMark}
          onChange={(event) => onChange({ ...form, byteOrderMark: event.currentTarget.checked })}
        />
      </SimpleGrid>
      <Group justify="space-between">
        <Text fw={600}>{t('file.columns')}</Text>
        <Group gap="xs">
          <Button variant="default" onClick={() => onChange({ ...form, columns: [...openG2PColumns] })}>
            {t('file.preset')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => onChange({ ...form, columns: [...columns, { field: 'payee_name', heading: '', text: '' }] })}
          >
            {t('file.addColumn')}
          </Button>
        </Group>
      </Group>
      {wrongAt('paymentFile.file.columns') && (
        <Text c="brick" size="sm" role="alert">
          {wrongAt('paymentFile.file.columns')}
        </Text>
      )}
      {columns.map((column, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name; its place is what it is
        <Group key={index} align="flex-start" wrap="nowrap" gap="xs">
          <Select
            aria-label={t('file.field', { number: index + 1 })}
            value={column.field}
            onChange={(chosen) => put(index, { field: fileFields.find((one) => one === chosen) ?? 'reference' })}
            data={fileFields.map((field) => ({ value: field, label: t(`file.fields.${field}`) }))}
            allowDeselect={false}
            style={{ flex: 1 }}
          />
          <TextInput
            aria-label={t('file.heading', { number: index + 1 })}
            placeholder={t('file.headingPlace')}
            value={column.heading}
            onChange={(event) => put(index, { heading: event.currentTarget.value })}
            error={wrongAt(`paymentFile.file.columns.${index}.heading`)}
            maxLength={200}
            style={{ flex: 1 }}
          />
          {column.field === 'text' && (
            <TextInput
              aria-label={t('file.fixed', { number: index + 1 })}
              placeholder={t('file.fixedPlace')}
              value={column.text}
              onChange={(event) => put(index, { text: event.currentTarget.value })}
              maxLength={200}
              style={{ flex: 1 }}
            />
          )}
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('form.up')}
            disabled={index === 0}
            onClick={() => move(index, -1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('form.down')}
            disabled={index === columns.length - 1}
            onClick={() => move(index, 1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('file.removeColumn', { number: index + 1 })}
            disabled={columns.length === 1}
            onClick={() => onChange({ ...form, columns: columns.filter((_, at) => at !== index) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  )
}

const BEARERS = ['SLEV', 'SHAR', 'DEBT', 'CRED'] as const

function Pain001Fields({ form, onChange, wrongAt }: FormFields<Pain001Form>) {
  const { t } = useTranslation('settings')
  const text = (name: 'debtorBic' | 'initiatingPartyId' | 'serviceLevel' | 'categoryPurpose', longest: number) => ({
    label: t(`file.pain.${name}`),
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...form, [name]: event.currentTarget.value.toUpperCase() }),
    error: wrongAt(`paymentFile.file.${name}`),
    maxLength: longest,
    dir: 'ltr' as const,
  })
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput {...text('debtorBic', 11)} />
      <TextInput
        {...text('initiatingPartyId', 35)}
        onChange={(event) => onChange({ ...form, initiatingPartyId: event.currentTarget.value })}
      />
      <TextInput {...text('serviceLevel', 4)} />
      <TextInput {...text('categoryPurpose', 4)} />
      <Select
        label={t('file.pain.chargeBearer')}
        value={form.chargeBearer}
        onChange={(chosen) => onChange({ ...form, chargeBearer: BEARERS.find((one) => one === chosen) ?? 'SLEV' })}
        data={BEARERS.map((one) => ({ value: one, label: t(`file.bearers.${one}`) }))}
        allowDeselect={false}
      />
      <NumberInput
        label={t('file.pain.daysUntilExecution')}
        value={form.daysUntilExecution}
        onChange={(value) => onChange({ ...form, daysUntilExecution: Number(value) })}
        min={0}
        max={30}
        allowDecimal={false}
      />
      <Select
        label={t('file.pain.letters')}
        value={form.letters}
        onChange={(chosen) => onChange({ ...form, letters: chosen === 'all' ? 'all' : 'latin' })}
        data={(['latin', 'all'] as const).map((one) => ({ value: one, label: t(`file.letters.${one}`) }))}
        allowDeselect={false}
      />
    </SimpleGrid>
  )
}

interface VoucherFieldsProps {
  form: VouchersForm
  tags: ManagerFormPart['draft']['batchTags']
  onChange: (form: VouchersForm) => void
  error: string | undefined
}

function VoucherFields({ form, tags, onChange, error }: VoucherFieldsProps) {
  const { t } = useTranslation('settings')
  const { configurations } = form
  const put = (index: number, next: Partial<VoucherConfiguration>): void =>
    onChange({
      ...form,
      configurations: configurations.map((known, at) => (at === index ? { ...known, ...next } : known)),
    })
  return (
    <Stack>
      {error && (
        <Text c="brick" size="sm" role="alert">
          {error}
        </Text>
      )}
      {configurations.map((one, index) => (
        <div key={one.id} className={classes.tag}>
          <Stack gap="xs">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput
                label={t('file.voucher.name')}
                value={one.name}
                onChange={(event) => put(index, { name: event.currentTarget.value })}
                maxLength={200}
              />
              <MultiSelect
                label={t('file.voucher.batchTags')}
                description={t('file.voucher.batchTagsMeaning')}
                value={one.batchTags}
                onChange={(batchTags) => put(index, { batchTags })}
                data={tags.map(({ id, name }) => ({ value: id, label: name || '—' }))}
              />
              <Select
                label={t('file.voucher.rendering')}
                value={one.rendering}
                onChange={(chosen) => put(index, { rendering: chosen === 'per-payment' ? 'per-payment' : 'per-batch' })}
                data={(['per-batch', 'per-payment'] as const).map((way) => ({
                  value: way,
                  label: t(`file.renderings.${way}`),
                }))}
                allowDeselect={false}
              />
              <NumberInput
                label={t('file.voucher.validDays')}
                value={one.validDays ?? ''}
                onChange={(value) => put(index, { validDays: value === '' ? null : Number(value) })}
                min={1}
                max={730}
                allowDecimal={false}
              />
              <MultiSelect
                label={t('file.voucher.fields')}
                value={one.fields}
                onChange={(chosen) => put(index, { fields: voucherFields.filter((field) => chosen.includes(field)) })}
                data={voucherFields.map((field) => ({ value: field, label: t(`file.voucherFields.${field}`) }))}
              />
              <TextInput
                label={t('file.voucher.note')}
                value={one.note}
                onChange={(event) => put(index, { note: event.currentTarget.value })}
                maxLength={500}
              />
            </SimpleGrid>
            {configurations.length > 1 && (
              <Button
                variant="default"
                leftSection={<IconTrash size={16} />}
                onClick={() => onChange({ ...form, configurations: configurations.filter((_, at) => at !== index) })}
              >
                {t('file.voucher.remove')}
              </Button>
            )}
          </Stack>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => onChange({ ...form, configurations: [newVoucherConfiguration(), ...configurations] })}
      >
        {t('file.voucher.add')}
      </Button>
    </Stack>
  )
}

const RESULT_COLUMNS = [
  'reference',
  'status',
  'amount',
  'payee',
  'currency',
  'code',
  'text',
  'theirReference',
  'time',
] as const satisfies readonly (keyof ResultColumns)[]

/** How the results that the bank writes are read. */
export function ResultsSection(part: FilePart) {
  const { t } = useTranslation('settings')
  const { settings, change, wrongAt, draft } = part
  const { results } = settings
  const put = (next: Partial<PaymentFileSettings['results']>): void =>
    change({ paymentFile: { ...settings, results: { ...results, ...next } } })
  const column = (name: (typeof RESULT_COLUMNS)[number]) => ({
    label: t(`file.results.${name}`),
    value: results.columns[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      put({ columns: { ...results.columns, [name]: event.currentTarget.value } }),
    error: wrongAt(`paymentFile.results.columns.${name}`),
    maxLength: 200,
  })
  const words = (name: 'paid' | 'rejected') => ({
    label: t(`file.results.${name}`),
    value: results.columns[name],
    onChange: (value: string[]) => put({ columns: { ...results.columns, [name]: value } }),
    error: wrongAt(`paymentFile.results.columns.${name}`),
  })
  return (
    <Section id={placeOf('results')} title={t('form.results')} description={t('form.resultsMeaning')}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {RESULT_COLUMNS.map((name) => (
            <TextInput key={name} {...column(name)} />
          ))}
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TagsInput {...words('paid')} />
          <TagsInput {...words('rejected')} />
          <MultiSelect
            label={t('file.results.paidStatuses')}
            description={t('file.results.paidStatusesMeaning')}
            value={results.paidStatuses}
            onChange={(chosen) => put({ paidStatuses: PaidStatus.options.filter((one) => chosen.includes(one)) })}
            data={[...PaidStatus.options]}
          />
          <TagsInput
            label={t('fields.noMoneyMovedCodes')}
            description={t('file.results.codesMeaning')}
            value={draft.noMoneyMovedCodes}
            onChange={(noMoneyMovedCodes) => change({ noMoneyMovedCodes })}
            splitChars={[',', ' ']}
          />
        </SimpleGrid>
      </Stack>
    </Section>
  )
}
