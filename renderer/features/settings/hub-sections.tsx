import { Autocomplete, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useHubFields } from './hub-fields.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'

/** Modes that deployments of the hub usually know. */
const MODES = ['MOJALOOP', 'GSMA', 'CLOSEDLOOP', 'SLCB']

/** Where files go, and what goes with them. */
export function HubEndpointSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { text, number } = useFields(part)
  const { hub, changeHub, words, text: hubText } = useHubFields(part)
  return (
    <Section id={placeOf('endpoint')} title={t('form.endpoint')} description={t('hubForm.endpointMeaning')}>
      <Stack>
        <TextInput {...text('paymentEndpointUrl')} label={t('hub.uploadUrl')} type="url" />
        <TextInput
          {...text('statusEndpointUrl')}
          label={t('hub.operationsUrl')}
          description={t('hubExplains.operationsUrl')}
          type="url"
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...hubText('tenant')} maxLength={100} />
          <TextInput {...hubText('purpose')} maxLength={200} />
          <Autocomplete
            {...words('paymentMode')}
            value={hub.paymentMode}
            onChange={(paymentMode) => changeHub({ paymentMode })}
            data={MODES}
            maxLength={40}
            readOnly={part.readOnly}
          />
          <NumberInput {...number('apiTimeout', 1, 300)} />
        </SimpleGrid>
      </Stack>
    </Section>
  )
}

/** With which key files are signed. */
export function HubSecuritySection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const { hub, changeHub, words } = useHubFields(part)
  const keys = useQuery(api.managers.messageKeys.queryOptions())
  const fit = (keys.data ?? []).filter(({ purpose, type }) => purpose === 'signing' && type === 'rsa')
  return (
    <Section id={placeOf('security')} title={t('form.security')} description={t('hubForm.securityMeaning')}>
      <Select
        {...words('signing')}
        value={hub.signing.kind === 'none' ? '' : hub.signing.keyId}
        onChange={(keyId) =>
          changeHub({ signing: keyId === null || keyId === '' ? { kind: 'none' } : { kind: 'x-signature', keyId } })
        }
        data={[
          { value: '', label: t('hubForm.unsigned') },
          ...fit.map(({ keyId }) => ({ value: keyId, label: t('hubForm.signedWith', { key: keyId }) })),
        ]}
        allowDeselect={false}
      />
    </Section>
  )
}

/** Whose money it is, and how amounts are written. */
export function HubPayerSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { text } = useFields(part)
  const { hub, changeHub, words } = useHubFields(part)
  const { payer } = hub
  const payers = ['account', 'institution'] as const
  return (
    <Section id={placeOf('payer')} title={t('form.payer')} description={t('hubForm.payerMeaning')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('payerName')} maxLength={200} />
        <Select
          {...words('payer')}
          value={payer.kind}
          onChange={(kind) =>
            changeHub({
              payer:
                kind === 'institution'
                  ? { kind: 'institution', institutionId: '', programmeId: '' }
                  : { kind: 'account' },
            })
          }
          data={payers.map((kind) => ({ value: kind, label: t(`hubPayers.${kind}`) }))}
          allowDeselect={false}
        />
        {payer.kind === 'account' ? (
          <TextInput {...text('payerAddress')} description={t('hubExplains.payerAddress')} maxLength={256} dir="ltr" />
        ) : (
          (['institutionId', 'programmeId'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(`hubPayers.${name}`)}
              value={payer[name]}
              onChange={(event) => changeHub({ payer: { ...payer, [name]: event.currentTarget.value } })}
              error={part.wrongAt(`paymentHub.payer.${name}`)}
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
              readOnly={part.readOnly}
            />
          ))
        )}
        <Select
          {...words('amounts')}
          value={hub.amounts}
          onChange={(chosen) => changeHub({ amounts: chosen === 'decimals' ? 'decimals' : 'whole-units' })}
          data={(['whole-units', 'decimals'] as const).map((one) => ({ value: one, label: t(`hubAmounts.${one}`) }))}
          allowDeselect={false}
        />
      </SimpleGrid>
    </Section>
  )
}
