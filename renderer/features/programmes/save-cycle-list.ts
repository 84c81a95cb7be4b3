import { useCallback, useState } from 'react'
import type { Cycle } from '../../../shared/model/programme.ts'
import { useApi } from '../../api/provider.tsx'
import { saveFile } from '../../components/save-file.ts'

/** Fetches a cycle's list part by part and hands it to the browser as a CSV file. */
export function useSaveCycleList({ id, name }: Pick<Cycle, 'id' | 'name'>): {
  busy: boolean
  run: () => Promise<void>
} {
  const api = useApi()
  const [busy, setBusy] = useState(false)
  const run = useCallback(async () => {
    setBusy(true)
    try {
      const parts: string[] = []
      let after: string | null = ''
      while (after !== null) {
        const part: { text: string; next: string | null } = await api.programmes.cycles.export.ask({
          cycleId: id,
          after,
        })
        parts.push(part.text)
        after = part.next
      }
      saveFile(`${name.replace(/\s+/gu, '-')}.csv`, parts)
    } finally {
      setBusy(false)
    }
  }, [api, id, name])
  return { busy, run }
}
