import { useTranslation } from 'react-i18next'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import type { Connector } from './answers.ts'

interface Saving {
  readonly id: string | null
  readonly basedOn: string | null
  readonly settings: ConnectorSettings
  /** This office runs it from now on. */
  readonly runsHere: boolean
  /** Empty leaves the password as it is. */
  readonly password: string
}

/** Keeps a connector under the administrator's signature, and its password in the vault. @returns undefined where they went back */
export function useSaveConnector(): (saving: Saving) => Promise<Connector | undefined> {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const askPin = useAskPin()
  return async ({ id, basedOn, settings, runsHere, password }) => {
    const done = await askPin({
      title: t(id === null ? 'connectors.create' : 'connectors.save'),
      body: t('connectors.signs'),
      confirmLabel: t(id === null ? 'connectors.create' : 'connectors.save'),
      run: async (pin) => {
        const saved = await api.tokenisation.connectors.save.run({ id, basedOn, pin, settings, runsHere })
        return password === '' ? saved : api.tokenisation.connectors.setPassword.run({ id: saved.id, password })
      },
    })
    if (done === undefined) return undefined
    notifyDone(t('connectors.saved'))
    return done.value
  }
}
