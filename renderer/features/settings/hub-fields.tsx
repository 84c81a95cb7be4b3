import { NumberInput, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PartyIdType, type PaymentHubSettings } from '../../../shared/model/payment-hub.ts'
import { usualHub } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'

type NamesOf<T> = {
  [K in keyof PaymentHubSettings]: PaymentHubSettings[K] extends T ? K : never
}[keyof PaymentHubSettings]

const underneath = ['label', 'input', 'description', 'error'] as const

/** The fields that only Payment Hub has, tied to the draft. */
export function useHubFields({ draft, change, wrongAt, doubtAt, readOnly }: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const hub = draft.paymentHub ?? usualHub
  const changeHub = (part: Partial<PaymentHubSettings>): void => change({ paymentHub: { ...hub, ...part } })
  const words = (name: keyof PaymentHubSettings) => ({
    label: t(`hub.${name}`),
    description: doubtAt(`paymentHub.${name}`) ?? t(`hubExplains.${name}`, { defaultValue: '' }),
    error: wrongAt(`paymentHub.${name}`),
    inputWrapperOrder: [...underneath],
  })
  const text = (name: NamesOf<string>) => ({
    ...words(name),
    value: hub[name] as string,
    onChange: (event: { currentTarget: { value: string } }) =>
      changeHub({ [name]: event.currentTarget.value } as Partial<PaymentHubSettings>),
    autoComplete: 'off',
    spellCheck: false,
    readOnly,
  })
  return { hub, changeHub, words, text }
}

interface HubNumberProps extends ManagerFormPart {
  readonly field: NamesOf<number>
  readonly min: number
  readonly max: number
}

/** A number that only Payment Hub has. */
export function HubNumber({ field: name, min, max, ...part }: HubNumberProps) {
  const { hub, changeHub, words } = useHubFields(part)
  return (
    <NumberInput
      {...words(name)}
      value={hub[name]}
      onChange={(value) => changeHub({ [name]: Number(value) })}
      min={min}
      max={max}
      allowDecimal={false}
      readOnly={part.readOnly}
    />
  )
}

/** How payees are named in a file. */
export function HubPayeeFields(part: ManagerFormPart) {
  const { hub, changeHub, words, text } = useHubFields(part)
  return (
    <>
      <Select
        {...words('payeeIdentifierType')}
        value={hub.payeeIdentifierType}
        onChange={(chosen) =>
          changeHub({ payeeIdentifierType: PartyIdType.options.find((one) => one === chosen) ?? 'MSISDN' })
        }
        data={[...PartyIdType.options]}
        allowDeselect={false}
      />
      <TextInput {...text('payeeFsp')} maxLength={32} />
      {part.draft.payeeIdType.startsWith('bank') && <TextInput {...text('payeeBank')} maxLength={11} dir="ltr" />}
    </>
  )
}
