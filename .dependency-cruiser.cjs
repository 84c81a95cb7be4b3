/*
 * Who may import whom. `test/import-rules.test.ts` proves that each rule catches what it forbids.
 */

const typesOnly = { dependencyTypesNot: ['type-only'] }
const network = '^(node:)?(http|https|http2|net|tls|dgram|undici|ws)$|^node_modules/(undici|ws|axios|got|node-fetch)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-stands-alone',
      comment:
        'shared runs in the browser and in Node: it imports nothing of the others and nothing of either platform',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        path: '^(electron|renderer|test)/|^electron$|^node_modules/(electron|react|react-dom|rxdb|better-sqlite3[^/]*|ws)/',
      },
    },
    {
      name: 'shared-without-node',
      comment: 'shared runs in the browser too',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-knows-no-door',
      comment: 'the core imports shared and itself, nothing else of the house',
      severity: 'error',
      from: { path: '^electron/core/' },
      to: { path: '^(renderer|test)/|^electron/(?!core/)' },
    },
    {
      name: 'core-without-screens',
      comment: 'the core runs without a DOM',
      severity: 'error',
      from: { path: '^electron/(core|server|peers|training)/' },
      to: { path: '^node_modules/(react|react-dom|@mantine|rxdb|dexie|zustand|@tanstack)/' },
    },
    {
      name: 'only-the-shell-imports-electron',
      comment: 'everything else runs, and is tested, without the Electron runtime',
      severity: 'error',
      from: { pathNot: '^electron/shell/' },
      to: { path: '^electron$|^node_modules/electron/', ...typesOnly },
    },
    {
      name: 'doors-import-the-core',
      comment: 'shell and server are two doors to one core and know nothing of each other',
      severity: 'error',
      from: { path: '^electron/(shell|server)/' },
      to: { path: '^(renderer|test)/|^electron/(?!core/|$1/)' },
    },
    {
      name: 'peers-import-shared',
      comment: 'a peer that shared code with the core would share its mistakes',
      severity: 'error',
      from: { path: '^electron/peers/' },
      to: { path: '^(renderer|test)/|^electron/(?!peers/)' },
    },
    {
      name: 'peers-stay-in-training',
      comment: 'no path of a real office leads to an invented payment system',
      severity: 'error',
      from: { pathNot: '^(electron/(peers|training)|test)/' },
      to: { path: '^electron/peers/' },
    },
    {
      name: 'training-builds-on-core-and-peers',
      severity: 'error',
      from: { path: '^electron/training/' },
      to: { path: '^(renderer|test)/|^electron/(?!training/|core/|peers/)' },
    },
    {
      name: 'renderer-knows-only-types-of-the-core',
      comment: 'the screens speak to the core through the API; of the router they know the type',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/core/', ...typesOnly },
    },
    {
      name: 'renderer-imports-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^test/|^electron/(?!core/)' },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.config\\.cjs$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-keep-to-themselves',
      comment: 'another feature is used through its index, never through its insides',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/(?!$1/)[^/]+/', pathNot: '^renderer/features/[^/]+/index\\.tsx?$' },
    },
    {
      name: 'channels-keep-to-themselves',
      comment: 'one interface, one folder each',
      severity: 'error',
      from: { path: '^electron/core/channels/([^/]+)/' },
      to: { path: '^electron/core/channels/(?!$1/)[^/]+/' },
    },
    {
      name: 'network-only-through-http',
      comment:
        'core/http knows time limits, proxies, certificates, body limits and redaction; servers of our own listen elsewhere',
      severity: 'error',
      from: {
        path: '^(electron|shared|renderer)/',
        pathNot: '^electron/((core/http|core/callbacks|server|peers)/|core/identity/openid/loopback-listener\\.ts$)',
      },
      to: { path: network, ...typesOnly },
    },
    {
      name: 'no-source-imports-tests',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circles',
      comment: 'files that need each other are one file, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no compiler interface for tools; swc reads the same syntax.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'default', 'require', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts', '.d.mts'],
    },
  },
}
