import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Office } from '../../../electron/core/office.ts'
import { entitlementId, paymentId } from '../../../shared/model/ids.ts'
import { put } from '../district.ts'
import { paymentDraft } from '../payment-draft.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'

/*
 * Two offices made the same payment in batches of their own. One of them paid it; the other found that out by a look-up,
 * of a payment that never left from there, before it heard of it from the central server.
 */

const ENTITLEMENT = entitlementId('cycle', 'household', 'cash')
const ID = paymentId(ENTITLEMENT, 1)

let central: CentralDistrict
let town: Office
let hills: Office

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  town = (await central.member('town')).office
  hills = (await central.member('hills')).office
})
afterEach(() => central.close())

const payment = { id: ID, entitlementId: ENTITLEMENT }
const paid = paymentDraft({ ...payment, batchId: 'of-town', state: 'paid', amountPaid: 125_000 })
const underReview = paymentDraft({ ...payment, batchId: 'of-hills', state: 'review' })
const standing = ({ store }: Office) => {
  const { batchId, state } = store.get('payment', ID)
  return { batchId, state }
}

it.each([
  ['paid', 'of-town', () => [town, hills]],
  ['under review', 'of-hills', () => [hills, town]],
] as const)(
  'the server hears first that it is %s: nobody is refused, all offices end alike',
  async (_, batchId, order) => {
    put(town, 'payment', paid, 'clerk')
    put(hills, 'payment', underReview, 'clerk')
    for (const office of [...order(), ...order()]) {
      expect(await sync(office)).toMatchObject({ refused: 0, quarantined: 0, complete: true })
    }
    for (const office of [town, hills]) expect(standing(office)).toEqual({ batchId, state: 'review' })
    expect(contentOf(town)).toEqual(contentOf(hills))
  },
)
