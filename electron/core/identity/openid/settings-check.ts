import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'
import { isAuthority } from '../../central/settings.ts'
import { isLoopback } from '../../http/connection.ts'

/** Something that settings of a provider cannot stay like. */
export interface ProviderFinding {
  /** Field of the settings. */
  readonly path: string
  readonly code: ErrorCode
}

/** Encrypted, or on this machine, where tests and trials run. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** Everything that is wrong with the settings of a provider, before anybody asks it. */
export function checkProvider(
  input: unknown,
  {
    isNameTaken,
    isTypeTaken,
  }: { readonly isNameTaken: (name: string) => boolean; readonly isTypeTaken: (type: string) => boolean },
): ProviderFinding[] {
  const parsed = SignInProviderSettings.safeParse(input)
  if (!parsed.success) {
    const paths = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')))
    return [...paths].map((path) => ({ path, code: 'sign-in.settings-invalid' }))
  }
  const settings = parsed.data
  const findings: ProviderFinding[] = []
  const add = (path: keyof SignInProviderSettings, code: ErrorCode, wrong: boolean): void => {
    if (wrong) findings.push({ path, code })
  }
  add('name', 'sign-in.settings-invalid', settings.name.trim() === '')
  add('name', 'sign-in.name-taken', isNameTaken(settings.name))
  add('metadataUrl', 'sign-in.not-encrypted', !isSafeAddress(settings.metadataUrl))
  add('tokenEndpoint', 'sign-in.not-encrypted', settings.tokenEndpoint !== '' && !isSafeAddress(settings.tokenEndpoint))
  add('ports', 'sign-in.settings-invalid', new Set(settings.ports).size !== settings.ports.length)
  add('scopes', 'sign-in.scope-missing', !settings.scopes.includes('openid'))
  // The number of an officer is nobody's business here: it would lie in an answer that nobody needs.
  add('claims', 'sign-in.number-claim', settings.claims.includes('individual_id'))
  if (settings.serves === 'registrants') {
    const type = (settings.subjectType ?? '').trim()
    add('subjectType', 'sign-in.settings-invalid', type === '')
    // A token of the seeder and the subject of a sign-in are two things, and so are two providers' subjects.
    add('subjectType', 'sign-in.subject-type-taken', isTypeTaken(type))
    add('subjectClaim', 'sign-in.subject-only', settings.subjectClaim !== 'sub')
    add('userInfo', 'sign-in.settings-invalid', settings.userInfo === 'none')
  }
  add(
    'assertionAudienceText',
    'sign-in.audience-missing',
    settings.assertionAudience === 'text' && settings.assertionAudienceText === '',
  )
  add('certificateAuthority', 'sign-in.settings-invalid', !isAuthority(settings.certificateAuthority))
  return findings
}
