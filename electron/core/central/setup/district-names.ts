import { fail } from '../../../../shared/contract/result.ts'
import { DistrictCode } from '../../../../shared/model/central.ts'

const OFFICE = /^[a-z0-9][a-z0-9_-]{0,30}$/
const RECEIVER = 'receiver'

/** @throws OfficeError `central-setup.district-invalid` */
export function checkDistrictCode(code: string): void {
  // Its records would have the name of another district's claims.
  const taken = code.endsWith('-claims') || code.endsWith('-inbox')
  if (taken || !DistrictCode.safeParse(code).success) fail('central-setup.district-invalid', { code })
}

/** Roles of the server's users by what they may do in a district. */
export const districtRoles = (district: string): { readonly office: string; readonly receiver: string } => ({
  office: `g2p-${district}-office`,
  receiver: `g2p-${district}-receiver`,
})

/** The server's user of an office. @throws OfficeError `central-setup.office-invalid` */
export function officeUser(district: string, office: string): string {
  if (!OFFICE.test(office) || office === RECEIVER) fail('central-setup.office-invalid', { office })
  return `g2p-${district}-${office}`
}

/** The server's user of the callback receiver at the centre. */
export const receiverUser = (district: string): string => `g2p-${district}-${RECEIVER}`
