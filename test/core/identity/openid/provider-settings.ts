import { providerPresets, type SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'
import type { Esignet } from './esignet.ts'

/** A provider as an administrator would enter it for the e-Signet of a test. */
export const settingsFor = (
  esignet: Esignet,
  ports: number[],
  changed: Partial<SignInProviderSettings> = {},
): SignInProviderSettings => ({
  ...(structuredClone(
    providerPresets[changed.serves === 'registrants' ? 'registrants' : 'esignet'],
  ) as unknown as SignInProviderSettings),
  name: `National ID ${esignet.origin}`,
  metadataUrl: `${esignet.origin}/.well-known/openid-configuration`,
  issuer: esignet.issuer,
  clientId: 'field-office',
  ports,
  ...changed,
})
