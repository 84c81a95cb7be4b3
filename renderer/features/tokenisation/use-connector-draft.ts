import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectorFinding } from '../../../shared/contract/tokenisation.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useMay } from '../../state/session.ts'
import { connectorKinds } from './answers.ts'

/** Settings that are being written, and what the core says about them. */
export interface ConnectorPart {
  /** Null while the connector is new. */
  readonly id: string | null
  readonly draft: ConnectorSettings
  readonly change: (part: Partial<ConnectorSettings>) => void
  readonly changeCallback: (part: Partial<ConnectorSettings['callback']>) => void
  readonly changeOdk: (part: Partial<ConnectorSettings['odk']>) => void
  /** The sentence of what is wrong at a place; undefined when nothing is. */
  readonly wrongAt: (path: string) => string | undefined
  /** Of what is only doubtful. */
  readonly doubtAt: (path: string) => string | undefined
  /** The first finding at a place or below it, as an input shows it. */
  readonly firstBelow: (path: string) => { readonly error?: string; readonly description?: string }
  readonly readOnly: boolean
  /** The password for ODK Central as it was typed and not yet kept. */
  readonly password: string
  readonly setPassword: (password: string) => void
  /** Whether one is kept. */
  readonly hasPassword: boolean
}

interface DraftOf extends ConnectorPart {
  readonly findings: readonly ConnectorFinding[]
  /** Asks what is to be said of the settings as they stand now: `findings` may be a moment behind them. */
  readonly findNow: () => Promise<readonly ConnectorFinding[]>
  readonly fault: Error | null
  /** From now on what is missing is said too. */
  readonly showAll: () => void
  readonly reset: (settings: ConnectorSettings) => void
}

/** A connector's settings under way, checked by the core while they are written. */
export function useConnectorDraft(id: string | null, before: ConnectorSettings, hasPassword: boolean): DraftOf {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const may = useMay('administrator')
  const [draft, setDraft] = useState(before)
  const [password, setPassword] = useState('')
  const [all, setAll] = useState(id !== null)
  const [settled] = useDebouncedValue(draft, 300)
  const query = useQuery(
    api.tokenisation.connectors.preview.queryOptions(
      { id, settings: settled },
      { keepPrevious: true, enabled: may, kinds: connectorKinds },
    ),
  )
  const isTyped = hasPassword || password !== ''
  const counting = (found: readonly ConnectorFinding[]): readonly ConnectorFinding[] =>
    found.filter(({ path }) => path !== 'odk.password' || !isTyped)
  const findings = counting(query.data ?? [])
  const sentenceAt = (path: string, weight: ConnectorFinding['weight']): string | undefined => {
    const found = findings.find((one) => one.weight === weight && one.path === path)
    // Whoever has just begun is not told that everything is missing.
    if (found === undefined || (!all && found.code === 'tokenisation.value-needed')) return undefined
    return codeSentence(t, found.code, found.params)
  }
  return {
    id,
    draft,
    change: (part) => setDraft((known) => ({ ...known, ...part })),
    changeCallback: (part) => setDraft((known) => ({ ...known, callback: { ...known.callback, ...part } })),
    changeOdk: (part) => setDraft((known) => ({ ...known, odk: { ...known.odk, ...part } })),
    wrongAt: (path) => sentenceAt(path, 'error'),
    doubtAt: (path) => sentenceAt(path, 'warning'),
    firstBelow: (path) => {
      const found = findings.find((one) => one.path === path || one.path.startsWith(`${path}.`))
      if (found === undefined) return {}
      const sentence = codeSentence(t, found.code, found.params)
      return found.weight === 'error' ? { error: sentence } : { description: sentence }
    },
    readOnly: !may,
    password,
    setPassword,
    hasPassword,
    findings,
    findNow: async () => counting(await api.tokenisation.connectors.preview.ask({ id, settings: draft })),
    fault: query.error,
    showAll: () => setAll(true),
    reset: (settings) => setDraft(settings),
  }
}
