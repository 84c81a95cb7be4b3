import { globSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'vite'
import packageJson from '../../package.json' with { type: 'json' }

/**
 * A core's process and its threads as few files: it is started hundreds of times, and reading a hundred modules each time
 * would leave little of a run for sending.
 *
 * @param file of the process
 * @returns the file to start
 */
export async function buildCore(file: string): Promise<string> {
  const outDir = resolve('out/chaos', String(process.pid))
  // Beside the project's packages, since what is built for a machine stays outside of the bundle.
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  const threads = globSync('electron/core/**/*-thread.ts').map((file): [string, string] => [
    basename(file, '.ts'),
    resolve(file),
  ])
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { core: resolve(file), ...Object.fromEntries(threads) },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].chunk.js' },
      },
    },
    ssr: { noExternal: true, external: Object.keys(packageJson.dependencies) },
  })
  return join(outDir, 'core.js')
}
