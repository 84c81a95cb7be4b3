import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { catalogue } from '../../../shared/contract/errors.ts'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import { SandboxPayment } from '../../../shared/model/conformance.ts'
import { auditExport } from '../audit/export-command.ts'
import { verifyFolder } from '../audit/verify-folder.ts'
import { restoreCommand } from '../backup/restore-command.ts'
import { CouchInbox } from '../callbacks/couch-inbox.ts'
import { openStandAlone, RoutesFile } from '../callbacks/stand-alone.ts'
import { centralSetup } from '../central/setup/command.ts'
import { centralUpkeep } from '../central/setup/upkeep-command.ts'
import { centralExport } from '../central/sneakernet/central-export-command.ts'
import { centralImport } from '../central/sneakernet/central-import-command.ts'
import { channelCallers } from '../channels/channels.ts'
import type { SelfTestResult } from '../channels/self-test.ts'
import { type FolderTest, testFolder } from '../conformance/test-folder.ts'
import { diagnosticsCommand } from '../diagnostics/diagnostics-command.ts'
import { createHttp } from '../http/http.ts'
import { checkProvision } from '../provision/check.ts'
import { provisioningSchema } from '../provision/provision-file.ts'
import { readProvision } from '../provision/read.ts'
import { makeOfficerSecret, makeSigningKeySecret, signProvision } from '../provision/sign.ts'
import { makeTrustRoot, openTrustRoot, TrustRootFile } from '../provision/trust-root-file.ts'
import { mtsCaller } from '../tokenisation/mts/mts-caller.ts'
import { announceUpdate } from '../updates/announce-command.ts'
import { hasKeyFile, needsPassphrase } from '../vault/key-file.ts'
import { replaceKeyCommand } from '../vault/replace-key-command.ts'
import { ArgumentError, defaultDataDirectory, readPassphrase } from './office-arguments.ts'

/** What a command needs of the process it runs in. */
export interface Desk {
  /** A fault as a sentence. */
  readonly wordsOf: (fault: Fault) => string
  /** One line of JSON for whoever asked. */
  readonly say: (answer: unknown) => void
  /** What a person should read. */
  readonly explain: (text: string) => void
  /** Until a command that goes on is told to end; by the signals of the system where left out. */
  readonly untilStopped?: () => Promise<void>
}

interface Options {
  readonly out?: string
  readonly file?: string
  readonly secrets?: string
  readonly 'trust-root'?: string
  readonly 'passphrase-fd'?: string
  readonly id?: string
  readonly data?: string
  readonly training?: boolean
  readonly manager?: string
  readonly 'sandbox-programme'?: string
  readonly payee?: string
  readonly 'payee-name'?: string
  readonly amount?: string
  readonly currency?: string
  readonly login?: string
  readonly 'pin-fd'?: string
  readonly bind?: string
  readonly port?: string
  readonly inbox?: string
  readonly routes?: string
  readonly certificate?: string
  readonly key?: string
}

const USAGE = `Commands for whoever sets up offices. Passphrases come from a file descriptor (0 is standard input).

  trust-root      --out FILE --passphrase-fd N               make the key from which officers are signed
  officer-key     --id ID --secrets FILE                     make an officer's key and first PIN, add them to the secrets
  signing-key     --secrets FILE                             make a key that signs messages, add it to the secrets
  sign-provision  --file FILE --trust-root FILE --passphrase-fd N [--secrets FILE] [--out FILE]
  check-provision --file FILE [--secrets FILE]               everything that is wrong with a provisioning file
  provision-schema                                           the JSON schema of a provisioning file
  callbacks       --bind ADDRESS --port N --inbox URL [--routes FILE] [--certificate FILE --key FILE]
                                                             take callbacks at the centre, for offices to collect; user and
                                                             password of the inbox come from G2P_INBOX_USER and _PASSWORD
  central-setup   URL --district CODE [--add-office NAME] …  prepare a CouchDB server for a district; see resources/central
  central-upkeep  URL --district CODE                        take out what is left of numbers that were given up for tokens,
                                                             and compact the databases; monthly, and after many tokens
  central-import  FILE --key-file KEY --couch URL --district CODE
                                                             take changes of an office that came in a file into the server;
                                                             KEY is the one that central-setup --file-key made
  central-export  FILE --to WHOM --login LOGIN --pin-fd N [--data DIR] [--passphrase-fd N] [--whole]
                                                             write what changed in an office that is closed into a file, for
                                                             the centre (WHOM is centre) or an office whose key it has
  restore         --from PLACE [--data DIR] --passphrase-fd N [--recovery-key-fd N] [--move-aside] [--list]
                                                             put the newest backup of a place (or the one it names) back; with a
                                                             recovery key, the passphrase is the new one
  replace-key     --login LOGIN --pin-fd N [--data DIR] [--passphrase-fd N]
                                                             replace the key of the data of an office that is closed; tells
                                                             its new recovery key
  verify-audit    --data DIR [--passphrase-fd N] [--training]  walk the audit trail of an office that is closed
  audit-export    FILE [--data DIR] [--from DAY] [--until DAY] [--public-key FILE] [--passphrase-fd N] [--training]
                                                             write that trail as signed lines, to be verified anywhere; see
                                                             resources/audit
  diagnostics     [--data DIR] [--passphrase-fd N] [--training]  a report about an office that is closed, for support: no people, no
                                                             payments, no secrets; without the passphrase program and machine only
  announce-update DIR --version V --key FILE --passphrase-fd N [--channel NAME] [--from V] [--roll-out PERCENT]
                  [--notes-en FILE] [--notes-ar FILE]        sign the installers of a version that lie in a folder; FILE is a key
                                                             that trust-root made for this
  conformance     --manager ID [--data DIR] [--passphrase-fd N]  test a payment system of an office that is closed; no money moves
                  [--sandbox-programme ID --payee ADDRESS --payee-name NAME --amount MINOR --currency ISO --login LOGIN --pin-fd N]
                                                             and send test money to a sandbox account`

/** The commands by name; each gives the exit code. */
const commands: Readonly<Record<string, (options: Options, desk: Desk) => Promise<number>>> = {
  'trust-root': async (options, desk) => {
    const file = wanted(options, 'out')
    if (existsSync(file)) throw new ArgumentError('--out names a file that is already there')
    const passphrase = passphraseOf(options)
    if (passphrase.length < 12) throw new ArgumentError('the passphrase needs at least 12 characters')
    const root = await makeTrustRoot(passphrase)
    writePrivately(file, root)
    desk.say({ trustRoot: root.publicKey })
    return 0
  },

  'officer-key': async (options, desk) => {
    const file = wanted(options, 'secrets')
    const id = wanted(options, 'id')
    const secrets = readSecrets(file)
    if (secrets.officers?.[id] !== undefined) throw new ArgumentError('this officer already has a key in the secrets')
    const { signingKey, secret } = makeOfficerSecret()
    writePrivately(file, { ...secrets, officers: { ...secrets.officers, [id]: secret } })
    desk.say({ id, signingKey })
    return 0
  },

  'signing-key': async (options, desk) => {
    const file = wanted(options, 'secrets')
    const secrets = readSecrets(file)
    const { keyId, publicKey, secret } = await makeSigningKeySecret()
    writePrivately(file, { ...secrets, signingKeys: { ...secrets.signingKeys, [keyId]: secret } })
    desk.say({ keyId, publicKey })
    return 0
  },

  'sign-provision': async (options, desk) => {
    const file = wanted(options, 'file')
    const root = TrustRootFile.parse(readJson(wanted(options, 'trust-root')))
    const key = await openTrustRoot(root, passphraseOf(options))
    const secrets = options.secrets === undefined ? {} : readSecrets(options.secrets)
    const signed = await signProvision(readJson(file), secrets, key)
    writeFileSync(options.out ?? file, `${JSON.stringify(signed, null, 2)}\n`)
    desk.say({
      officers: signed.officers.length,
      paymentManagers: signed.paymentManagers.length,
      connectors: signed.connectors.length,
      signInProviders: signed.signInProviders.length,
    })
    return 0
  },

  'check-provision': async (options, desk) => {
    const provision = readProvision({
      provisionFile: wanted(options, 'file'),
      ...(options.secrets === undefined ? {} : { provisionSecretsFile: options.secrets }),
    })
    const problems = provision === undefined ? [] : await checkProvision(provision)
    desk.say({ problems })
    return problems.length === 0 ? 0 : 1
  },

  'provision-schema': async (_, desk) => {
    desk.say(provisioningSchema())
    return 0
  },

  callbacks: async (options, desk) => {
    const port = Number(wanted(options, 'port'))
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ArgumentError('--port needs a number')
    const { G2P_INBOX_USER: user = '', G2P_INBOX_PASSWORD: password = '' } = process.env
    const http = createHttp()
    const receiver = await openStandAlone({
      bindAddress: wanted(options, 'bind'),
      port,
      tls:
        options.certificate === undefined
          ? null
          : { certificate: readText(options.certificate), key: readText(wanted(options, 'key')) },
      http,
      inbox: new CouchInbox(http, { url: wanted(options, 'inbox'), user, password }),
      callers: [...channelCallers, mtsCaller],
      routes: options.routes === undefined ? [] : RoutesFile.parse(readJson(options.routes)),
      report: (error) => desk.explain(error instanceof Error ? error.name : 'unexpected'),
    })
    desk.say({ listening: true, port: receiver.port })
    await (desk.untilStopped ?? untilSignal)()
    await receiver.close()
    return 0
  },

  'verify-audit': async (options, desk) => {
    const passphrase = options['passphrase-fd'] === undefined ? undefined : passphraseOf(options)
    const answer = await verifyFolder(wanted(options, 'data'), options.training ? 'training' : 'office', passphrase)
    desk.say(answer)
    return answer.break === null ? 0 : 1
  },

  conformance: async (options, desk) => {
    const dataDirectory = resolve(options.data ?? defaultDataDirectory(process.platform, process.env))
    const results = await testFolder(
      {
        dataDirectory,
        managerId: wanted(options, 'manager'),
        passphrase: isLocked(join(dataDirectory, 'office')) ? passphraseFor(options, desk) : undefined,
        sandbox: options['sandbox-programme'] === undefined ? null : sandboxOf(options),
      },
      (found) => desk.explain(findingLine(found, desk)),
    )
    desk.say({ managerId: options.manager, results: results.map((found) => withWords(found, desk)) })
    return results.some(({ outcome }) => outcome === 'bad') ? 1 : 0
  },
}

/** Runs one command; gives the exit code: 0 done, 1 something is wrong with what was looked at, 2 the command itself. */
export async function runDesk(argv: readonly string[], desk: Desk): Promise<number> {
  const [name, ...rest] = argv
  if (name === 'announce-update') return answered(() => announceUpdate(rest, desk), desk)
  if (name === 'diagnostics') return answered(() => diagnosticsCommand(rest, desk), desk)
  if (name === 'audit-export') return answered(() => auditExport(rest, desk), desk)
  if (name === 'central-setup') return answered(() => centralSetup(rest, desk), desk)
  if (name === 'central-upkeep') return answered(() => centralUpkeep(rest, desk), desk)
  if (name === 'central-export') return answered(() => centralExport(rest, desk), desk)
  if (name === 'central-import') return answered(() => centralImport(rest, desk), desk)
  if (name === 'restore') return answered(() => restoreCommand(rest, desk), desk)
  if (name === 'replace-key') return answered(() => replaceKeyCommand(rest, desk), desk)
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    desk.explain(USAGE)
    return 2
  }
  return answered(() => command(optionsOf(rest), desk), desk)
}

async function answered(command: () => Promise<number>, desk: Desk): Promise<number> {
  try {
    return await command()
  } catch (error) {
    desk.explain(sentence(error, desk))
    return error instanceof ArgumentError ? 2 : 1
  }
}

function optionsOf(argv: readonly string[]): Options {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      options: {
        out: text,
        file: text,
        secrets: text,
        'trust-root': text,
        'passphrase-fd': text,
        id: text,
        data: text,
        training: { type: 'boolean' },
        manager: text,
        'sandbox-programme': text,
        payee: text,
        'payee-name': text,
        amount: text,
        currency: text,
        login: text,
        'pin-fd': text,
        bind: text,
        port: text,
        inbox: text,
        routes: text,
        certificate: text,
        key: text,
      },
    }).values as Options
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function wanted(options: Options, name: Exclude<keyof Options, 'training'>): string {
  const value = options[name]
  if (value === undefined || value === '') throw new ArgumentError(`--${name} is missing`)
  return value
}

const passphraseOf = (options: Options): string => readSecretFrom(options, 'passphrase-fd')

function readSecretFrom(options: Options, name: 'passphrase-fd' | 'pin-fd'): string {
  const descriptor = wanted(options, name)
  if (!/^\d{1,4}$/.test(descriptor)) throw new ArgumentError(`--${name} needs a number`)
  return readPassphrase(Number(descriptor), `--${name}`)
}

/** The sandbox account that test money goes to; amounts in minor units. */
function sandboxOf(options: Options): NonNullable<FolderTest['sandbox']> {
  const payment = SandboxPayment.safeParse({
    programmeId: wanted(options, 'sandbox-programme'),
    payeeAddress: wanted(options, 'payee'),
    payeeName: wanted(options, 'payee-name'),
    amount: Number(wanted(options, 'amount')),
    currency: wanted(options, 'currency'),
  })
  if (!payment.success) throw new ArgumentError('--amount is in minor units and --currency three letters')
  return { payment: payment.data, login: wanted(options, 'login'), pin: readSecretFrom(options, 'pin-fd') }
}

const marks = { good: 'good     ', doubt: 'look at  ', bad: 'BAD      ', 'not-tried': 'not tried' } as const

const findingLine = ({ check, outcome, finding }: SelfTestResult, { wordsOf }: Desk): string =>
  [
    marks[outcome],
    check,
    ...(finding === null ? [] : [`${wordsOf(finding)} [${catalogue[finding.code].action}]`]),
  ].join('  ')

/** A finding with its sentence and its one action, for whoever keeps the report. */
const withWords = (found: SelfTestResult, { wordsOf }: Desk) =>
  found.finding === null
    ? found
    : { ...found, words: wordsOf(found.finding), action: catalogue[found.finding.code].action }

/** Whether an office lies there that a passphrase opens; that there is none is told by whoever wants it. */
const isLocked = (directory: string): boolean => hasKeyFile(directory) && needsPassphrase(directory)

/** From the descriptor that was named, else from standard input. */
function passphraseFor(options: Options, desk: Desk): string {
  if (options['passphrase-fd'] !== undefined) return passphraseOf(options)
  desk.explain('The passphrase of the office is read from standard input.')
  return readPassphrase(0)
}

function sentence(error: unknown, { wordsOf }: Desk): string {
  if (!(error instanceof OfficeError)) return error instanceof Error ? error.message : String(error)
  const { code, params } = error.fault
  return params.details === undefined ? `${wordsOf(error.fault)} (${code})` : `${code}\n${params.details}`
}

const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ArgumentError('a file cannot be read', { cause: error })
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ArgumentError('a file cannot be read as JSON', { cause: error })
  }
}

interface Secrets {
  readonly officers?: Record<string, ReturnType<typeof makeOfficerSecret>['secret']>
  readonly signingKeys?: Record<string, string>
}

const readSecrets = (file: string): Secrets => (existsSync(file) ? (readJson(file) as Secrets) : {})

const writePrivately = (file: string, content: unknown): void =>
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
