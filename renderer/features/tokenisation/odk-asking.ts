import type { ConnectorPart } from './use-connector-draft.ts'

/** The server and the account as they stand in the settings; the kept password where none was typed. */
export const askingOf = ({ id, draft, password }: Pick<ConnectorPart, 'id' | 'draft' | 'password'>) => ({
  connectorId: id,
  password: password === '' ? null : password,
  odk: draft.odk,
})
