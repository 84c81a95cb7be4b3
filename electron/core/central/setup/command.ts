import { fail } from '../../../../shared/contract/result.ts'
import { districtDatabases } from '../../../../shared/model/central.ts'
import { PublicKey } from '../../../../shared/model/officer.ts'
import { readArguments } from '../../doors/command-line.ts'
import type { Desk } from '../../doors/desk.ts'
import { ArgumentError } from '../../doors/office-arguments.ts'
import { createHttp } from '../../http/http.ts'
import { TrustRootFile } from '../../provision/trust-root-file.ts'
import type { Account } from './accounts.ts'
import { cardOfCentre, centreKeyOf } from './centre-key.ts'
import { credentials, readText, serverAddress } from './server-arguments.ts'
import { type SetUpStep, setUpDistrict } from './set-up-district.ts'

const text = { type: 'string' } as const
const several = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

const options = {
  district: text,
  'add-office': several,
  'remove-office': several,
  'add-receiver': flag,
  'new-password': flag,
  'trust-root': text,
  'file-key': text,
  'certificate-authority': text,
  'credentials-fd': text,
  json: flag,
} as const

/**
 * `central-setup URL --district CODE …`: prepares a CouchDB server for a district and lets offices in. Passwords are told once,
 * on standard output; everything else is for whoever reads along.
 */
export async function centralSetup(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [url, ...rest] = positionals
  if (url === undefined || rest.length > 0) throw new ArgumentError('one address of a server is needed')
  if (values.district === undefined) throw new ArgumentError('--district is missing')
  const server = serverAddress(url)
  const { 'certificate-authority': authority, 'trust-root': root, 'file-key': keyFile } = values
  const fileKey = keyFile === undefined ? undefined : centreKeyOf(keyFile)
  const http = createHttp()
  const steps: SetUpStep[] = []
  const handed: unknown[] = []
  try {
    const { district, districtId } = await setUpDistrict(http, {
      url: server,
      admin: credentials(values['credentials-fd']),
      district: values.district,
      offices: values['add-office'] ?? [],
      removedOffices: values['remove-office'] ?? [],
      receiver: values['add-receiver'] === true,
      newPasswords: values['new-password'] === true,
      ...(authority === undefined ? {} : { certificateAuthority: readText(authority) }),
      ...(root === undefined ? {} : { trustRoot: readTrustRoot(root) }),
      ...(fileKey === undefined ? {} : { fileKey }),
      onStep: (step, account) => {
        steps.push(step)
        const parts = account === null ? [] : fragment(account, server, values.district ?? '')
        handed.push(...parts)
        if (values.json === true) return
        desk.explain(line(step))
        for (const part of parts) desk.say(part)
      },
    })
    const card = fileKey === undefined ? {} : { centre: cardOfCentre(district, fileKey) }
    if (values.json === true) desk.say({ district, districtId, steps, accounts: handed, ...card })
    else if (fileKey !== undefined) desk.say(card)
    if (values.json !== true) desk.explain(closing(steps, handed.length))
  } catch (error) {
    // The passwords that were made are known nowhere else.
    if (values.json === true) desk.say({ district: values.district, steps, accounts: handed })
    throw error
  } finally {
    http.close()
  }
  return 0
}

function readTrustRoot(file: string): PublicKey {
  let content: unknown
  try {
    content = JSON.parse(readText(file))
  } catch (error) {
    if (error instanceof ArgumentError) throw error
    return fail('central-setup.trust-root-invalid')
  }
  const whole = TrustRootFile.safeParse(content)
  const key = whole.success ? whole.data.publicKey : PublicKey.safeParse(content).data
  return key ?? fail('central-setup.trust-root-invalid')
}

const words: Readonly<Record<SetUpStep['what'], string>> = {
  database: 'database',
  security: 'who may use',
  rules: 'rules of',
  district: 'district',
  office: 'office',
  receiver: 'receiver',
  'removed-office': 'removed office',
}

const line = ({ what, name, outcome }: SetUpStep): string => `${outcome.padEnd(8)} ${words[what]} ${name}`

function closing(steps: readonly SetUpStep[], passwords: number): string {
  if (passwords > 0) return 'Passwords are told this once. Hand each over apart from its settings.'
  return steps.every(({ outcome }) => outcome === 'kept') ? 'Nothing had to be changed.' : 'The district is ready.'
}

/** What whoever sets up the office or the receiver needs: settings, and the secret apart. Nothing without a new password. */
function fragment({ kind, user, password }: Account, url: string, district: string): readonly unknown[] {
  if (password === null) return []
  return kind === 'office'
    ? [{ provision: { central: { url, district, user } }, secrets: { central: { password } } }]
    : [
        {
          callbacks: { inbox: `${url}/${districtDatabases(district).inbox}` },
          environment: { G2P_INBOX_USER: user, G2P_INBOX_PASSWORD: password },
        },
      ]
}
