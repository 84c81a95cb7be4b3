import { parseFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { checkFileSettings } from '../channels/file/settings-check.ts'
import { at, type CheckSurroundings, type Finding, type ManagerSettings } from './finding.ts'

/** Cash is paid from a box, not from an account: lists and vouchers need no payer's account. */
const namesPayer = ({ paymentFile, payerAddress }: ManagerSettings): boolean =>
  payerAddress !== '' || paymentFile?.file.form === 'csv' || paymentFile?.file.form === 'pain.001'

/** What only a manager that pays by files has. */
export function checkFiles(settings: ManagerSettings, { findKeyType }: CheckSurroundings): Finding[] {
  const { paymentFile, batchTags, payerAddress, duplicateProtectionProven } = settings
  if (paymentFile === undefined) return [at('paymentFile', 'file.no-settings')]
  const payer = parseFinancialAddress(payerAddress)
  return [
    ...checkFileSettings(paymentFile, batchTags, findKeyType).map(({ path, code, params }) => at(path, code, params)),
    ...(payer.ok || !namesPayer(settings) ? [] : [at('payerAddress', payer.error.code, payer.error.params)]),
    // Nobody can be asked what a repeated file would do.
    ...(duplicateProtectionProven ? [at('duplicateProtectionProven', 'manager.profile-never-protects')] : []),
  ]
}
