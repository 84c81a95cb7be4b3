import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium as playwrightChromium } from 'playwright'

/** A Chromium that starts on this machine. */
export interface FoundChromium {
  readonly executablePath: string
  readonly args: readonly string[]
  /** To be laid over the environment of the process. */
  readonly env: Readonly<Record<string, string>>
}

const sparticuz = fileURLToPath(new URL('../../node_modules/@sparticuz/chromium', import.meta.url))
const isRoot = process.getuid?.() === 0
const cache = fileURLToPath(new URL('../../node_modules/.cache/field-office', import.meta.url))

/** Nothing but the pages under test: no updates, no reports, no suggestions. */
const quietArguments = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
]

/**
 * Finds Chromium or gets it, without asking: `CHROMIUM_PATH`, the system's, Playwright's own, the Debian package (as root), the
 * one inside `@sparticuz/chromium`. May be called by several processes at once.
 * @throws if this machine can have none.
 */
export async function findChromium(): Promise<FoundChromium> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, but there is no such file`)
    return found(named)
  }
  if (isDebian() && isRoot) installDebianPackages()
  const installed = systemPaths().find((path) => existsSync(path)) ?? playwrightsOwn()
  return installed === undefined ? unpacked() : found(installed)
}

function found(executablePath: string, env: Readonly<Record<string, string>> = {}): FoundChromium {
  return { executablePath, args: [...quietArguments, ...sandboxArguments()], env }
}

/** The sandbox stays on wherever the system lets a normal user have it. */
function sandboxArguments(): readonly string[] {
  if (process.platform !== 'linux') return []
  if (isRoot) return ['--no-sandbox']
  if (existsSync('/usr/lib/chromium/chrome-sandbox') || existsSync('/opt/google/chrome/chrome-sandbox')) return []
  if (spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0) return []
  process.stderr.write('Chromium runs without its sandbox: this system gives normal users none.\n')
  return ['--no-sandbox']
}

function systemPaths(): readonly string[] {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ]
  }
  if (process.platform === 'win32') {
    const { PROGRAMFILES = 'C:\\Program Files', LOCALAPPDATA = '' } = process.env
    const programs = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'] ?? 'C:\\Program Files (x86)', LOCALAPPDATA]
    return programs.flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ])
  }
  return [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/usr/lib/chromium/chromium',
    // A snap on Ubuntu hides behind /usr/bin/chromium-browser and cannot see files outside the home folder, so it comes last.
    '/usr/bin/chromium-browser',
  ]
}

function playwrightsOwn(): string | undefined {
  const path = playwrightChromium.executablePath()
  return existsSync(path) ? path : undefined
}

const isDebian = (): boolean =>
  existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && !existsSync('/etc/lsb-release')

/** The browser, and fonts for the scripts that the screens are shown in. One process installs, the others wait for it. */
function installDebianPackages(): void {
  const missing = [
    ...(existsSync('/usr/bin/chromium') ? [] : ['chromium']),
    ...(existsSync('/usr/share/fonts/truetype/noto/NotoSansEthiopic-Regular.ttf') ? [] : ['fonts-noto-core']),
  ]
  if (missing.length === 0) return
  const script = missing
    .map((name) => `dpkg -s ${name} >/dev/null 2>&1 || apt-get install -y -q --no-install-recommends ${name}`)
    .join('; ')
  process.stderr.write(`Installing ${missing.join(' and ')} from Debian …\n`)
  const run = spawnSync(
    'flock',
    [join(tmpdir(), 'field-office-apt.lock'), 'sh', '-c', `apt-get update -q; ${script}`],
    {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: 600_000,
    },
  )
  if (run.status !== 0) {
    const reason = `${run.stdout ?? ''}${run.stderr ?? ''}`.trim().split('\n').at(-1) ?? ''
    process.stderr.write(`Not everything could be installed (${reason}); going on with what is here.\n`)
  }
}

/** The Chromium that comes compressed in an npm package, unpacked once into a folder of its own. */
function unpacked(): FoundChromium {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found. Install Chrome or Chromium, or name one in CHROMIUM_PATH.')
  }
  const { version }: { version: string } = JSON.parse(readFileSync(join(sparticuz, 'package.json'), 'utf8'))
  const home = join(cache, `chromium-${version}`)
  if (!existsSync(home)) unpack(home)
  const executablePath = join(home, 'chromium')
  const libraries = join(home, 'al2023', 'lib')
  return found(executablePath, {
    ...(lacksLibraries(executablePath) ? { LD_LIBRARY_PATH: libraries } : {}),
    ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(home, 'fonts') }),
  })
}

/** Unpacks beside the final place and moves there in one step, so that nobody ever sees half a browser. */
function unpack(home: string): void {
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'unpacking-'))
  // The package unpacks into the folder for temporary files, whatever it is told; and its own libraries only where it
  // believes to be on their system.
  const script = `
    const { default: chromium, inflate } = await import('@sparticuz/chromium')
    await chromium.executablePath()
    await inflate(${JSON.stringify(join(sparticuz, 'bin', 'al2023.tar.br'))})
  `
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, TMPDIR: draft },
    encoding: 'utf8',
  })
  if (run.status !== 0 || !readdirSync(draft).includes('chromium')) {
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`Chromium could not be unpacked: ${run.stderr}`)
  }
  try {
    renameSync(draft, home)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process was faster; its copy is as good.
    if (!existsSync(home)) throw error
  }
}

const lacksLibraries = (program: string): boolean =>
  spawnSync('ldd', [program], { encoding: 'utf8' }).stdout.includes('not found')
