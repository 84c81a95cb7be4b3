import { lazy, Suspense } from 'react'
import { Route, Routes } from 'react-router'
import { LoadingState } from '../../components/loading-state.tsx'
import { Screen } from '../../components/screen.tsx'
import { RegistrantsList } from './registrants-list.tsx'

const NewRegistrant = lazy(async () => ({ default: (await import('./new-registrant.tsx')).NewRegistrant }))
const ImportWizard = lazy(async () => ({ default: (await import('./import/import-wizard.tsx')).ImportWizard }))
const ImportHistory = lazy(async () => ({ default: (await import('./import/import-history.tsx')).ImportHistory }))
const RecordScreen = lazy(async () => ({ default: (await import('./record/record-screen.tsx')).RecordScreen }))

/** Everything below `/registrants`. The list stands at once; what is opened from it is loaded then. */
export default function RegistrantsScreen() {
  return (
    <Suspense
      fallback={
        <Screen>
          <LoadingState lines={6} />
        </Screen>
      }
    >
      <Routes>
        <Route index element={<RegistrantsList />} />
        <Route path="new/:kind" element={<NewRegistrant />} />
        <Route path="import" element={<ImportWizard />} />
        <Route path="imports" element={<ImportHistory />} />
        <Route path=":id/:tab?" element={<RecordScreen />} />
      </Routes>
    </Suspense>
  )
}
