import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  type TagsInputProps,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../shared/model/officer.ts'
import { providerPresets, type SignInProviderSettings } from '../../../shared/model/sign-in-provider.ts'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import type { ProviderView } from './answers.ts'

const underneath = ['label', 'input', 'description', 'error'] as const
const roles: readonly Role[] = ['clerk', 'approver', 'administrator', 'auditor']

type Draft = { [K in keyof SignInProviderSettings]-?: Exclude<SignInProviderSettings[K], undefined> }
type Field = keyof Draft
type FieldOf<T> = { [K in Field]: Draft[K] extends T ? K : never }[Field]

/** Values of each choice, and the word for those that mean different things in different fields. */
const choices = {
  clientAuthentication: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'],
  assertionAlgorithm: ['RS256', 'PS256', 'ES256'],
  assertionAudience: ['token-endpoint', 'issuer', 'text'],
  signingAlgorithm: ['RS256', 'PS256', 'ES256'],
  userInfo: ['none', 'plain', 'signed', 'encrypted'],
  missingIssuer: ['refuse', 'accept'],
  subjectClaim: ['sub', 'preferred_username', 'email', 'oid'],
  stepUp: ['never', 'approving', 'approving-and-sending'],
  stepUpOffline: ['pin', 'refused'],
} as const satisfies Partial<{ [K in Field]: readonly Draft[K][] }>

interface ProviderFormProps {
  /** Undefined for a new one. */
  provider: ProviderView | undefined
  preset: ProviderPreset
  onClose: () => void
}

/** What a provider is begun with. */
export type ProviderPreset = keyof typeof providerPresets

function draftOf(provider: ProviderView | undefined, preset: ProviderPreset): Draft {
  const start = structuredClone<Draft>(providerPresets[preset] as unknown as Draft)
  if (provider === undefined) return start
  const known = Object.keys(start) as Field[]
  return Object.fromEntries(known.map((field) => [field, provider[field] ?? start[field]])) as unknown as Draft
}

/** The settings of a provider, which the administrator signs. */
export function ProviderForm({ provider, preset, onClose }: ProviderFormProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const askPin = useAskPin()
  const [draft, setDraft] = useState(() => draftOf(provider, preset))
  const [touched, setTouched] = useState(false)
  const forOfficers = draft.serves === 'officers'
  const change = (part: Partial<Draft>): void => {
    setTouched(true)
    setDraft((before) => ({ ...before, ...part }))
  }
  const id = provider?.id ?? null
  const preview = useQuery(api.signIn.preview.queryOptions({ id, settings: draft }, { keepPrevious: true }))
  const findings = preview.data ?? []

  const said = (field: Field) => {
    const wrong = touched ? findings.find(({ path }) => path === field) : undefined
    return {
      label: t(`fields.${field}`),
      description: t(`fields.${field}Meaning`, { defaultValue: '' }),
      error: wrong && faultSentence(t, { code: wrong.code, params: {} }),
      // Explanations differ in length; below the inputs they leave these side by side on one line.
      inputWrapperOrder: [...underneath],
    }
  }
  const text = (field: FieldOf<string>, ltr = true) => (
    <TextInput
      {...said(field)}
      value={draft[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
      autoComplete="off"
      spellCheck={false}
      {...(ltr ? { dir: 'ltr' as const } : {})}
    />
  )
  const tags = (field: FieldOf<string[]>, most: number) => (
    <TagsField {...said(field)} values={draft[field]} most={most} onChange={(values) => change({ [field]: values })} />
  )
  const number = (field: FieldOf<number>, most: number) => (
    <NumberInput
      {...said(field)}
      value={draft[field]}
      onChange={(value) => change({ [field]: Number(value) })}
      min={0}
      max={most}
      allowDecimal={false}
    />
  )
  const choice = (field: keyof typeof choices) => (
    <Select
      {...said(field)}
      value={draft[field]}
      data={choices[field].map((value) => ({
        value,
        label: t(`choices.${field === 'userInfo' && value === 'none' ? 'noUserInfo' : value}`, { defaultValue: value }),
      }))}
      onChange={(value) => value !== null && change({ [field]: value })}
      allowDeselect={false}
    />
  )

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTouched(true)
    if (findings.length > 0 || preview.isPending) return
    const done = await askPin({
      title: t('save'),
      body: draft.name,
      confirmLabel: t('save'),
      run: (pin) => api.signIn.save.run({ id, basedOn: provider?.changedAt ?? null, pin, settings: draft }),
    })
    if (done === undefined) return
    notifyDone(t('saved', { name: done.value.name }))
    onClose()
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        <FieldGroup title={t('groups.where')}>
          {text('name', false)}
          {text('issuer')}
          {text('metadataUrl')}
          {text('tokenEndpoint')}
        </FieldGroup>
        <FieldGroup title={t('groups.client')}>
          {choice('clientAuthentication')}
          {text('clientId')}
          {draft.clientAuthentication === 'private_key_jwt' && (
            <>
              {choice('assertionAlgorithm')}
              {choice('assertionAudience')}
              {draft.assertionAudience === 'text' && text('assertionAudienceText')}
            </>
          )}
          <TagsInput
            {...said('ports')}
            value={draft.ports.map(String)}
            onChange={(values) => change({ ports: values.map(Number).filter((port) => Number.isInteger(port)) })}
            maxTags={5}
          />
          {tags('scopes', 10)}
          <TagsField
            {...said('claims')}
            description={t(forOfficers ? 'fields.claimsMeaning' : 'fields.registrantClaimsMeaning')}
            values={draft.claims}
            most={20}
            onChange={(claims) => change({ claims })}
          />
        </FieldGroup>
        <FieldGroup title={t('groups.answers')}>
          {choice('signingAlgorithm')}
          {choice('userInfo')}
          {tags('acrValues', 10)}
          {choice('missingIssuer')}
          {forOfficers ? choice('subjectClaim') : text('subjectType')}
          {number('clockToleranceSeconds', 300)}
          <Textarea
            {...said('certificateAuthority')}
            value={draft.certificateAuthority}
            onChange={(event) => change({ certificateAuthority: event.currentTarget.value })}
            autosize
            maxRows={6}
            dir="ltr"
            spellCheck={false}
          />
        </FieldGroup>
        {forOfficers && (
          <FieldGroup title={t('groups.rights')}>
            {number('onlineEveryDays', 366)}
            <Checkbox.Group
              {...said('offlineRoles')}
              value={draft.offlineRoles}
              onChange={(values) => change({ offlineRoles: roles.filter((role) => values.includes(role)) })}
            >
              <Stack gap={6} mt={6}>
                {roles.map((role) => (
                  <Checkbox key={role} value={role} label={t(`common:roles.${role}`)} />
                ))}
              </Stack>
            </Checkbox.Group>
            {choice('stepUp')}
            {draft.stepUp !== 'never' && (
              <>
                {choice('stepUpOffline')}
                {tags('stepUpAcrValues', 10)}
              </>
            )}
          </FieldGroup>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit">{t('save')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

interface TagsFieldProps extends Pick<TagsInputProps, 'label' | 'description' | 'error' | 'inputWrapperOrder'> {
  values: string[]
  most: number
  onChange: (values: string[]) => void
}

function TagsField({ values, most, ...words }: TagsFieldProps) {
  const { t } = useTranslation('providers')
  return <TagsInput {...words} value={values} maxTags={most} placeholder={t('moreTokens')} splitChars={[' ', ',']} />
}

function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <Title order={3} size="h5" component="legend" mb="xs">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="md">
        {children}
      </SimpleGrid>
    </fieldset>
  )
}
