import {
  Checkbox,
  Divider,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AccountKind, LARGEST_QUESTION, MapperProfileName, type MapperSettings } from '../../../shared/model/mapper.ts'
import { ReplySigning } from '../../../shared/model/message-security.ts'
import { usualMapper } from '../../../shared/rules/mapper/defaults.ts'
import { useApi } from '../../api/provider.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import {
  mapperKeys,
  mapperSigningKinds,
  mapperSigningOf,
  newMapper,
  providersOf,
  providersText,
  withProfile,
} from './mapper-draft.ts'
import { KeyField } from './message-security-fields.tsx'
import { SignInChoice } from './sign-in-fields.tsx'
import { algorithmsOf, type KeyChoice } from './signing-choices.ts'

/** Words of a profile have no dots in their keys. */
const wordOf = (profile: MapperProfileName): string => profile.replaceAll('.', '_')

/** Whom payees' accounts are asked from, and how. */
export function MapperFields({ draft, change, wrongAt, doubtAt, readOnly }: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const mapper = draft.mapper ?? newMapper()
  const put = (part: Partial<MapperSettings>): void => change({ mapper: { ...mapper, ...part } })
  const words = (name: keyof MapperSettings, hint = '') => ({
    label: t(`mapper.${name}`),
    description: doubtAt(`mapper.${name}`) ?? hint,
    error: wrongAt(`mapper.${name}`),
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    readOnly,
  })
  const text = (name: 'resolveUrl' | 'idType' | 'idTemplate' | 'senderId' | 'senderUri' | 'receiverId', hint = '') => ({
    ...words(name, hint),
    value: mapper[name],
    onChange: (event: { currentTarget: { value: string } }) => put({ [name]: event.currentTarget.value }),
    autoComplete: 'off',
    spellCheck: false,
    dir: 'ltr' as const,
  })
  const usual = usualMapper[mapper.profile]
  return (
    <Stack mt="md">
      <Divider label={t('mapper.title')} labelPosition="left" />
      <Text size="sm" c="dimmed">
        {t('mapper.meaning')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          {...words('profile')}
          value={mapper.profile}
          onChange={(chosen) => {
            const profile = MapperProfileName.options.find((one) => one === chosen)
            if (profile !== undefined) change({ mapper: withProfile(mapper, profile) })
          }}
          data={MapperProfileName.options.map((one) => ({ value: one, label: t(`mapper.profiles.${wordOf(one)}`) }))}
          allowDeselect={false}
        />
        <TextInput {...text('resolveUrl', t('mapper.resolveUrlHint', { path: usual.path }))} type="url" />
        <TextInput {...text('idType', t('mapper.idTypeHint'))} maxLength={40} />
        <TextInput {...text('idTemplate', t('mapper.idTemplateHint'))} />
        <TextInput {...text('senderId')} maxLength={200} />
        <TextInput {...text('receiverId')} maxLength={200} />
        <TextInput {...text('senderUri')} type="url" />
        <NumberInput
          {...words('apiTimeout')}
          value={mapper.apiTimeout}
          onChange={(value) => put({ apiTimeout: Number(value) })}
          min={1}
          max={300}
          allowDecimal={false}
        />
        <NumberInput
          {...words('questionSize')}
          value={mapper.questionSize}
          onChange={(value) => put({ questionSize: Number(value) })}
          min={1}
          max={LARGEST_QUESTION}
          allowDecimal={false}
        />
      </SimpleGrid>
      <SecurityFields mapper={mapper} put={put} words={words} wrongAt={wrongAt} readOnly={readOnly} />
      {mapper.profile !== 'spar-2' && (
        <Textarea
          {...words('strategies', t('mapper.strategiesHint'))}
          error={wrongAt('mapper.strategies') ?? firstWrong(wrongAt, 'strategies', mapper.strategies.length)}
          value={mapper.strategies.join('\n')}
          onChange={(event) => put({ strategies: event.currentTarget.value.split('\n').filter((line) => line !== '') })}
          autosize
          minRows={2}
          maxRows={8}
          dir="ltr"
          spellCheck={false}
        />
      )}
      <Checkbox.Group
        {...words('kinds', t('mapper.kindsHint'))}
        value={mapper.kinds}
        onChange={(chosen) => put({ kinds: AccountKind.options.filter((kind) => chosen.includes(kind)) })}
      >
        <Group mt={4}>
          {AccountKind.options.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`mapper.${kind}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <div>
        <Text fw={600} size="sm">
          {t('mapper.addressTypes')}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 3 }} mt={4}>
          {AccountKind.options.map((kind) => (
            <TextInput
              key={kind}
              label={t(`mapper.${kind}`)}
              error={wrongAt(`mapper.addressTypes.${kind}`)}
              value={mapper.addressTypes[kind]}
              onChange={(event) =>
                put({ addressTypes: { ...mapper.addressTypes, [kind]: event.currentTarget.value.trim() } })
              }
              readOnly={readOnly}
              dir="ltr"
              spellCheck={false}
            />
          ))}
        </SimpleGrid>
      </div>
      <Providers mapper={mapper} put={put} words={words} wrongAt={wrongAt} readOnly={readOnly} />
    </Stack>
  )
}

interface FieldsProps {
  readonly mapper: MapperSettings
  readonly put: (part: Partial<MapperSettings>) => void
  readonly words: (name: keyof MapperSettings, hint?: string) => object
  readonly wrongAt: ManagerFormPart['wrongAt']
  readonly readOnly: boolean
}

/** The sentence of the first line that is wrong. */
function firstWrong(wrongAt: ManagerFormPart['wrongAt'], name: string, count: number, more = ''): string | undefined {
  for (let line = 0; line < count; line += 1) {
    const wrong = wrongAt(`mapper.${name}.${line}${more}`)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function Providers({ mapper, put, words, wrongAt }: FieldsProps) {
  const { t } = useTranslation('settings')
  const [typed, setTyped] = useState(() => providersText(mapper.providers))
  const { length } = mapper.providers
  return (
    <>
      <Textarea
        {...words('providers', t('mapper.providersHint'))}
        error={firstWrong(wrongAt, 'providers', length, '.theirs') ?? firstWrong(wrongAt, 'providers', length, '.ours')}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          put({ providers: providersOf(event.currentTarget.value) })
        }}
        autosize
        minRows={2}
        maxRows={10}
        dir="ltr"
        spellCheck={false}
      />
      <Switch
        label={t('mapper.onlyListedProviders')}
        checked={mapper.onlyListedProviders}
        onChange={(event) => put({ onlyListedProviders: event.currentTarget.checked })}
      />
    </>
  )
}

function SecurityFields({ mapper, put, words, wrongAt, readOnly }: FieldsProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const keys: readonly KeyChoice[] = useQuery(api.managers.messageKeys.queryOptions()).data ?? []
  const { signing } = mapper
  const fit = mapperKeys(signing.kind, keys)
  const typeOf = (keyId: string) => keys.find((key) => key.keyId === keyId)?.type
  return (
    <>
      <SignInChoice
        label={t('mapper.authentication')}
        authentication={mapper.authentication}
        onChange={(authentication) => put({ authentication })}
        wrongAt={(path) => wrongAt(`mapper.${path}`)}
      />
      <Select
        {...words('signing')}
        value={signing.kind}
        onChange={(chosen) => {
          const kind = mapperSigningKinds.find((one) => one === chosen)
          if (kind !== undefined) put({ signing: mapperSigningOf(kind, mapper, keys) })
        }}
        data={mapperSigningKinds.map((kind) => ({ value: kind, label: t(`mapper.signingKinds.${kind}`) }))}
        allowDeselect={false}
      />
      {signing.kind !== 'none' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('mapper.key')}
            error={wrongAt('mapper.signing.keyId')}
            value={signing.keyId}
            onChange={(chosen) => {
              if (chosen === null) return
              const alg = 'alg' in signing ? { alg: algorithmsOf(typeOf(chosen))[0] ?? signing.alg } : {}
              put({ signing: { ...signing, keyId: chosen, ...alg } })
            }}
            data={fit.map(({ keyId, type }) => ({ value: keyId, label: `${t(`keyTypes.${type}`)} ${keyId}` }))}
            placeholder={t('mapper.noKeys')}
            allowDeselect={false}
            readOnly={readOnly}
          />
          {'alg' in signing && (
            <Select
              label={t('mapper.alg')}
              value={signing.alg}
              onChange={(chosen) => {
                const alg = algorithmsOf(typeOf(signing.keyId)).find((one) => one === chosen)
                if (alg !== undefined) put({ signing: { ...signing, alg } })
              }}
              data={[...algorithmsOf(typeOf(signing.keyId))]}
              allowDeselect={false}
              readOnly={readOnly}
            />
          )}
          {signing.kind === 'authorization-jwt' &&
            (['issuer', 'audience'] as const).map((name) => (
              <TextInput
                key={name}
                label={t(`mapper.${name}`)}
                error={wrongAt(`mapper.signing.${name}`)}
                value={signing[name]}
                onChange={(event) => put({ signing: { ...signing, [name]: event.currentTarget.value } })}
                readOnly={readOnly}
                dir="ltr"
              />
            ))}
        </SimpleGrid>
      )}
      <Select
        {...words('replySigning')}
        value={mapper.replySigning}
        onChange={(chosen) => put({ replySigning: ReplySigning.options.find((one) => one === chosen) ?? 'none' })}
        data={ReplySigning.options.map((form) => ({
          value: form,
          label: form === 'none' ? t('signing.noReplies') : t(`signingKinds.${form}`),
        }))}
        allowDeselect={false}
      />
      {mapper.replySigning !== 'none' && (
        <KeyField
          label={t('mapper.receiverKey')}
          description={t('mapper.receiverKeyHint')}
          error={wrongAt('mapper.receiverKey')}
          value={mapper.receiverKey}
          onChange={(receiverKey) => put({ receiverKey })}
          readOnly={readOnly}
        />
      )}
      <Textarea
        {...words('certificateAuthority')}
        value={mapper.certificateAuthority}
        onChange={(event) => put({ certificateAuthority: event.currentTarget.value })}
        autosize
        minRows={1}
        maxRows={8}
        dir="ltr"
        spellCheck={false}
      />
    </>
  )
}
