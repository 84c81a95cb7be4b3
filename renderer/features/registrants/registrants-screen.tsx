import { Route, Routes } from 'react-router'
import { ImportHistory } from './import/import-history.tsx'
import { ImportWizard } from './import/import-wizard.tsx'
import { NewRegistrant } from './new-registrant.tsx'
import { RecordScreen } from './record/record-screen.tsx'
import { RegistrantsList } from './registrants-list.tsx'

/** Everything below `/registrants`. */
export default function RegistrantsScreen() {
  return (
    <Routes>
      <Route index element={<RegistrantsList />} />
      <Route path="new/:kind" element={<NewRegistrant />} />
      <Route path="import" element={<ImportWizard />} />
      <Route path="imports" element={<ImportHistory />} />
      <Route path=":id/:tab?" element={<RecordScreen />} />
    </Routes>
  )
}
