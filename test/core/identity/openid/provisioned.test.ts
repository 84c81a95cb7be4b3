import { expect, test } from 'vitest'
import { checkProvision } from '../../../../electron/core/provision/check.ts'
import { ProvisionSecrets } from '../../../../electron/core/provision/provision-file.ts'
import { signProvision } from '../../../../electron/core/provision/sign.ts'
import { providerPresets } from '../../../../shared/model/sign-in-provider.ts'
import { districtFile } from '../../provision/district-file.ts'

test('a provider comes with a provisioning, signed by the trust root, and what is wrong with it is named', async () => {
  const { root, file, secrets } = await districtFile()
  const provider = {
    ...providerPresets.esignet,
    id: 'national-id',
    removed: false,
    state: 'active',
    name: 'National ID',
    metadataUrl: 'https://esignet.example.org/.well-known/openid-configuration',
    issuer: 'https://esignet.example.org/v1/esignet',
    clientId: 'field-office',
  }
  const signed = await signProvision({ ...file, signInProviders: [provider] }, secrets, root)
  const whole = { file: signed, secrets: ProvisionSecrets.parse(secrets) }
  expect(await checkProvision(whole)).toEqual([])
  const [first] = signed.signInProviders
  const moved = { ...first, metadataUrl: 'http://esignet.example.org/x' } as typeof first & object
  const problems = await checkProvision({ ...whole, file: { ...signed, signInProviders: [moved] } })
  expect(problems.map(({ path, problem }) => `${path} ${problem}`).toSorted()).toEqual([
    'signInProviders[0].metadataUrl sign-in.not-encrypted',
    'signInProviders[0].signature identity.signature-invalid',
  ])
})
