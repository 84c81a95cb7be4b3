import { Stack } from '@mantine/core'
import { DifferencesSection } from './differences-section.tsx'
import { DuplicatesSection } from './duplicates-section.tsx'
import { SubmissionsSection } from './submissions-section.tsx'

/** What the office cannot decide by itself and waits for an officer. */
export function DoubtsTab() {
  return (
    <Stack>
      <DuplicatesSection />
      <SubmissionsSection />
      <DifferencesSection />
    </Stack>
  )
}
