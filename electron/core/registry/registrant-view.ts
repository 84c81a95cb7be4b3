import type { IdentityNumber, Registrant, RegistrantView } from '../../../shared/model/registrant.ts'
import { maskAccount, maskEmail, maskIdentity, maskPhone } from '../../../shared/rules/contact.ts'

/**
 * A registrant as lists, the record page and the replica may see it: contact data, accounts and identity numbers are
 * replaced by hints. Removed identity numbers are left out.
 */
export function toRegistrantView(registrant: Registrant, identityNumbers: readonly IdentityNumber[]): RegistrantView {
  const { phoneNumbers, emails, bankAccounts, makers, ...facts } = registrant
  return {
    ...facts,
    phoneHints: phoneNumbers.map(({ id, number, preferred, disabled }) => ({
      id,
      label: '',
      hint: maskPhone(number),
      preferred,
      disabled,
    })),
    emailHints: emails.map(({ id, address, preferred, disabled }) => ({
      id,
      label: '',
      hint: maskEmail(address),
      preferred,
      disabled,
    })),
    accountHints: bankAccounts.map(({ id, accountNumber, iban, bic, bankName, preferred, disabled }) => ({
      id,
      label: (bankName || bic).slice(0, 60),
      hint: maskAccount(iban || accountNumber),
      preferred,
      disabled,
    })),
    identityHints: identityNumbers
      .filter(({ removed }) => !removed)
      .map(({ id, type, value, status, expiresOn }) => ({
        id,
        label: type,
        hint: maskIdentity(value),
        preferred: false,
        disabled: status === 'invalid',
        type,
        status,
        expiresOn,
      })),
  }
}
