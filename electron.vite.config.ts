import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { nonceMark } from './electron/core/doors/screen-files.ts'
import { narrowText } from './electron/narrow-text.ts'

/** Doors, threads and processes: every file that is started by its own name becomes a file of its own in `out/main`. */
function mainEntries(): Record<string, string> {
  const files = globSync(['electron/{main,serve,cli}.ts', 'electron/**/*-thread.ts', 'electron/**/*-process.ts']).sort()
  const entries: Record<string, string> = {}
  for (const file of files) {
    const name = basename(file, '.ts')
    if (entries[name]) throw new Error(`two entries are called ${name}: ${entries[name]} and ${file}`)
    entries[name] = resolve(file)
  }
  return entries
}

/** The text of what runs in threads, as small as it can be kept. */
const narrowChunks: Plugin = {
  name: 'narrow-chunks',
  generateBundle: {
    // What writes the chunks would put the signs back.
    order: 'post',
    handler(_, bundle) {
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = narrowText(chunk.code)
    },
  },
}

/** What nearly every screen is made of: the kit's own pieces and the libraries under them, but not what only some need. */
const isKit = (id: string): boolean =>
  /\/renderer\/(api|components(?!\/filter)|i18n|state|theme)\//.test(id) ||
  /\/node_modules\/(@mantine\/(core|hooks|notifications|store)|@floating-ui|@tabler|@tanstack|clsx|i18next|react|react-dom|react-i18next|react-remove-scroll|react-remove-scroll-bar|react-router|react-style-singleton|react-transition-group|scheduler|use-callback-ref|use-sidecar|zustand)\//.test(
    id,
  )

export default defineConfig({
  main: {
    // Its build for Node declares a `require` of its own, which clashes with the one that every chunk is given.
    resolve: { alias: { fflate: 'fflate/browser' } },
    plugins: [narrowChunks],
    build: {
      target: 'node24',
      outDir: 'out/main',
      minify: false,
      rolldownOptions: {
        input: mainEntries(),
        // Optional accelerators of `ws`; it does without them.
        external: ['bufferutil', 'utf-8-validate'],
        output: {
          format: 'es',
          // Flat, so that a thread's `new URL('./name-thread.js', import.meta.url)` holds from every chunk.
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].chunk.js',
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      outDir: 'out/preload',
      // A sandboxed preload script can load nothing beside itself.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    // Both doors put a fresh nonce in its place each time they hand out the page.
    html: { cspNonce: nonceMark },
    build: {
      // The browser door is opened in whatever browser the officer has.
      target: 'baseline-widely-available',
      outDir: resolve('out/renderer'),
      minify: true,
      // Small files stay files: the content security policy needs no `data:` then.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: {
        input: { index: resolve('renderer/index.html') },
        // Screens share many small pieces, and a page that asks for each of them starts late.
        output: { codeSplitting: { groups: [{ name: 'kit', test: isKit, minShareCount: 2 }] } },
      },
    },
  },
})
