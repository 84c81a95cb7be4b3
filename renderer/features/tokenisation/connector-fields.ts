import { useTranslation } from 'react-i18next'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import type { ConnectorPart } from './use-connector-draft.ts'

type NamesOf<T> = {
  [K in keyof ConnectorSettings]: ConnectorSettings[K] extends T ? K : never
}[keyof ConnectorSettings]

const underneath = ['label', 'input', 'description', 'error'] as const

/** The fields of one kind, tied to the draft. */
export function useFields({ draft, change, wrongAt, doubtAt, readOnly }: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const words = (name: string) => ({
    label: t(`fields.${name}`),
    description: doubtAt(name) ?? t(`explains.${name}`, { defaultValue: '' }),
    error: wrongAt(name),
    inputWrapperOrder: [...underneath],
  })
  const plain = { autoComplete: 'off', spellCheck: false, readOnly }
  return {
    words,
    plain,
    text: (name: NamesOf<string>) => ({
      ...words(name),
      ...plain,
      value: draft[name] as string,
      onChange: (event: { currentTarget: { value: string } }) =>
        change({ [name]: event.currentTarget.value } as Partial<ConnectorSettings>),
    }),
    number: (name: NamesOf<number>, min: number, max: number) => ({
      ...words(name),
      readOnly,
      value: draft[name] as number,
      onChange: (value: string | number) => change({ [name]: Number(value) } as Partial<ConnectorSettings>),
      min,
      max,
      allowDecimal: false,
    }),
  }
}
