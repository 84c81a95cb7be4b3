import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'

/** Settings of a registry connector that can be kept as they are. */
export const connectorSettings = (change: Partial<ConnectorSettings> = {}): ConnectorSettings => ({
  ...usualConnector('registry'),
  name: 'Seeder of the district',
  mtsUrl: 'https://seeder.example.org/mosiptokenseeder',
  ...change,
})
