import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { compiledCodeDirectory } from '../../../electron/core/doors/compiled-code.ts'
import { defaultDataDirectory } from '../../../electron/core/doors/office-arguments.ts'

test.each(['linux', 'darwin', 'win32'] as const)(
  'compiled code lies in the own folder of the user and never within an office (%s)',
  (platform) => {
    const directory = compiledCodeDirectory(platform, {})
    expect(isAbsolute(directory)).toBe(true)
    expect(directory.startsWith(defaultDataDirectory(platform, {}))).toBe(false)
  },
)
