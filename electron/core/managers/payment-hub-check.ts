import { payerCells } from '../../../shared/rules/payment-hub/row.ts'
import { paymentHubProfile } from '../channels/payment-hub/profile.ts'
import { at, type CheckSurroundings, type Finding, type ManagerSettings } from './finding.ts'

/** Written by the channel itself, so that no extra header may bear such a name. */
const OWN_HEADERS =
  /^(?:type|purpose|filename|platform-tenantid|x-(?:batchid|callbackurl|correlationid|payeedfsp-id|program-id|registering-institution-id|signature))$/i

/** What is wrong or doubtful about the settings that only Payment Hub has. */
export function checkPaymentHub(settings: ManagerSettings, { findKeyType }: CheckSurroundings): Finding[] {
  const { paymentHub: hub, payerAddress, payeeIdType, extraHeaders, statusEndpointUrl } = settings
  if (hub === undefined) return [at('paymentHub', 'hub.no-settings')]
  const findings: Finding[] = []
  if (settings.profile !== paymentHubProfile.name) {
    findings.push(at('profile', 'channel.profile-unknown', { profile: settings.profile }))
  }
  if (settings.duplicateProtectionProven) {
    findings.push(at('duplicateProtectionProven', 'manager.profile-never-protects'))
  }
  const payer = payerCells(payerAddress, hub)
  if (!payer.ok) findings.push(at('payerAddress', payer.error.code, payer.error.params))
  // What is asked comes behind this address.
  if (new URL(statusEndpointUrl).search !== '') findings.push(at('statusEndpointUrl', 'manager.url-invalid'))
  if (hub.signing.kind === 'x-signature') {
    const type = findKeyType('signing', hub.signing.keyId)
    if (type === undefined) findings.push(at('paymentHub.signing', 'channel.no-signing-key'))
    else if (type !== 'rsa') findings.push(at('paymentHub.signing', 'channel.signing-key-unfit'))
  }
  if (payeeIdType === 'bank_acc_no' && hub.payeeBank === '') {
    findings.push(at('paymentHub.payeeBank', 'manager.hub-names-no-bank', {}, 'warning'))
  }
  if ((payeeIdType === 'phone') !== (hub.payeeIdentifierType === 'MSISDN')) {
    findings.push(at('paymentHub.payeeIdentifierType', 'manager.hub-other-identifier', {}, 'warning'))
  }
  for (const [index, { name }] of extraHeaders.entries()) {
    if (OWN_HEADERS.test(name)) findings.push(at(`extraHeaders.${index}.name`, 'manager.header-reserved', { name }))
  }
  return findings
}
