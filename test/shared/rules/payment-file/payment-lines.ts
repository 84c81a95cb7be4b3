import fc from 'fast-check'
import type { SubmissionLine } from '../../../../shared/model/batch.ts'
import type { Pain001Form } from '../../../../shared/model/payment-file.ts'

export const frame = {
  programmeName: 'Safety net',
  cycleName: 'May 2026',
  payerAddress: 'account_no:1000@ABCDETAA',
  payerName: 'District treasury',
  currency: 'ETB',
  note: 'Payment for May 2026 under Safety net',
}

export const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 180 }),
  fc.constantFrom('=1+1', '@SUM(A1)', '-2', 'O"Brien; & <Sons>', 'አበበ ቢቂላ', 'محمد علي', 'Ñuñez Ölund', '+251911'),
)

export const anyAddress = fc.oneof(
  fc.stringMatching(/^account_no:[0-9]{4,20}@ABCDETAA$/),
  fc.stringMatching(/^phone:\+2519[0-9]{8}@mobile-money$/),
  fc.constant('iban:DE89370400440532013000@COBADEFF'),
  fc.stringMatching(/^token:[A-Za-z0-9]{1,30}@national-id$/),
)

export const anyLines: fc.Arbitrary<SubmissionLine[]> = fc
  .uniqueArray(fc.uuid(), { minLength: 1, maxLength: 12 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((paymentId) =>
        fc.record({
          paymentId: fc.constant(paymentId),
          entitlementId: fc.constant('e'),
          attempt: fc.constant(1),
          registrantId: fc.constant('r'),
          payeeId: fc.constant('p'),
          payeeName: anyName,
          payeeAddress: anyAddress,
          amount: fc.integer({ min: 1, max: 900_000_000_000 }),
        }),
      ),
    ),
  )

export const painForm: Pain001Form = {
  form: 'pain.001',
  debtorBic: '',
  initiatingPartyId: '',
  serviceLevel: '',
  categoryPurpose: 'SSBE',
  chargeBearer: 'SLEV',
  daysUntilExecution: 1,
  letters: 'latin',
}
