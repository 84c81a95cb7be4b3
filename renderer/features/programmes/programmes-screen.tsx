import { Route, Routes } from 'react-router'
import { CyclePage } from './cycle-page.tsx'
import { NewProgramme } from './new-programme.tsx'
import { ProgrammePage } from './programme-page.tsx'
import { ProgrammesList } from './programmes-list.tsx'

/** Everything below `/programmes`. */
export default function ProgrammesScreen() {
  return (
    <Routes>
      <Route index element={<ProgrammesList />} />
      <Route path="new" element={<NewProgramme />} />
      <Route path="cycles/:cycleId/:tab?" element={<CyclePage />} />
      <Route path=":programmeId/:tab?" element={<ProgrammePage />} />
    </Routes>
  )
}
