import { Route, Routes } from 'react-router'
import { BatchList } from './batch-list.tsx'
import { BatchScreen } from './batch-screen.tsx'
import { ChooseCycle } from './choose-cycle.tsx'
import { PayTableScreen } from './pay-table/pay-table-screen.tsx'
import { PaymentScreen } from './payment-screen.tsx'
import { PrepareScreen } from './prepare-screen.tsx'

/** Everything below `/batches`. */
export default function BatchesScreen() {
  return (
    <Routes>
      <Route index element={<BatchList />} />
      <Route path="prepare" element={<ChooseCycle />} />
      <Route path="prepare/:cycleId" element={<PrepareScreen />} />
      <Route path="payments/:paymentId" element={<PaymentScreen />} />
      <Route path=":batchId/pay-table" element={<PayTableScreen />} />
      <Route path=":batchId/*" element={<BatchScreen />} />
    </Routes>
  )
}
