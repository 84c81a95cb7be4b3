import type { LinkedAccount } from '../../peers/mapper/peer-options.ts'
import type { InventedPerson } from './people.ts'

/** How a person's national number is written to the training office's account mapper. */
export const NATIONAL_ID = 'National ID'
export const MAPPER_ID = 'token:{value}@nationalId'

/** What the account mapper knows of invented people: banks and wallets, and now and then nothing, as everywhere. */
export const linkedAccounts = (people: readonly InventedPerson[]): LinkedAccount[] =>
  people
    .filter(({ nationalId }) => nationalId !== '')
    .map(({ nationalId, accountNumber, bic, bankName, phone, number }) => {
      const place = Number(number.replaceAll(/\D/g, '')) % 19
      const id = MAPPER_ID.replace('{value}', nationalId)
      if (place === 5) return { id, account: null, inactive: false }
      const account: LinkedAccount['account'] =
        accountNumber === ''
          ? { kind: 'mobile', number: phone, providerCode: 'mobile-money', providerName: 'Mobile Money' }
          : { kind: 'bank', number: accountNumber, bankCode: bic, bankName }
      return { id, account, inactive: place === 11 }
    })
