import type { SubmissionLine } from '../model/batch.ts'
import type { PaymentManager } from '../model/payment-manager.ts'
import { decimalAmount, isWireCurrency, wireAmount } from './money.ts'
import { addressCellObstacle } from './payment-file/file-row.ts'
import { painAccount } from './payment-file/pain-001-file.ts'
import { arrangeFiles } from './payment-hub/arrangement.ts'
import { amountCell, type FileFacts, payeeCell, payerCells } from './payment-hub/row.ts'
import { type Reason, type Ruling, reason, ruled } from './ruling.ts'

/*
 * What each way to pay can carry, for pre-flight and for the freezing of a batch: one entry for each kind of payment manager.
 * How it is spoken to is in `electron/core/channels`.
 */

/** The settings that decide whether a payment can be carried. */
export type ChannelSettings = Pick<
  PaymentManager,
  'kind' | 'amountsFormat' | 'payerAddress' | 'paymentHub' | 'paymentFile'
>

/** The parts in which a submission leaves. */
export interface Parts {
  readonly lines: readonly SubmissionLine[]
  /** Where each part begins; undefined where all parts are of the manager's size. */
  readonly partStarts?: readonly number[]
}

interface ChannelRules {
  /** What stands against paying anybody in this currency with these settings. */
  findSettingsObstacle(manager: ChannelSettings, currency: string): Reason | undefined
  findAmountObstacle(minor: number, currency: string, manager: ChannelSettings): Reason | undefined
  findAddressObstacle(address: string, manager: ChannelSettings): Reason | undefined
  arrange(
    lines: readonly SubmissionLine[],
    facts: FileFacts,
    manager: ChannelSettings & Pick<PaymentManager, 'partSize'>,
  ): Ruling<Parts>
}

const errorOf = (ruling: Ruling<unknown>): Reason | undefined => (ruling.ok ? undefined : ruling.error)

const g2pConnect: ChannelRules = {
  findSettingsObstacle: (_, currency) =>
    isWireCurrency(currency) ? undefined : reason('amount.not-expressible', { currency }),
  // A currency that cannot be written at all is said once for all payments.
  findAmountObstacle: (minor, currency, { amountsFormat }) =>
    isWireCurrency(currency) ? errorOf(wireAmount(minor, currency, amountsFormat)) : undefined,
  findAddressObstacle: () => undefined,
  arrange: (lines) => ruled({ lines }),
}

const paymentHub: ChannelRules = {
  findSettingsObstacle: ({ payerAddress, paymentHub: settings }) =>
    settings === undefined ? reason('hub.no-settings') : errorOf(payerCells(payerAddress, settings)),
  findAmountObstacle: (minor, currency, { paymentHub: settings }) =>
    settings && errorOf(amountCell(minor, currency, settings.amounts)),
  findAddressObstacle: (address, { paymentHub: settings }) => settings && errorOf(payeeCell(address, settings)),
  arrange: (lines, facts, { partSize, paymentHub: settings }) =>
    settings === undefined
      ? { ok: false, error: reason('hub.no-settings') }
      : arrangeFiles(lines, facts, settings, partSize),
}

const file: ChannelRules = {
  findSettingsObstacle: ({ payerAddress, paymentFile }) => {
    if (paymentFile === undefined) return reason('file.no-settings')
    if (paymentFile.file.form === 'pain.001') return errorOf(painAccount(payerAddress))
    return paymentFile.file.form === 'csv'
      ? addressCellObstacle(paymentFile.file.columns, 'payer', payerAddress)
      : undefined
  },
  findAmountObstacle: (minor, currency) => errorOf(decimalAmount(minor, currency)),
  findAddressObstacle: (address, { paymentFile }) => {
    if (paymentFile?.file.form === 'pain.001') return errorOf(painAccount(address))
    return paymentFile?.file.form === 'csv'
      ? addressCellObstacle(paymentFile.file.columns, 'payee', address)
      : undefined
  },
  arrange: (lines) => ruled({ lines }),
}

export const channelRules: Readonly<Record<PaymentManager['kind'], ChannelRules>> = {
  'g2p-connect': g2pConnect,
  'payment-hub': paymentHub,
  file,
}
