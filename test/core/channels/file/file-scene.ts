import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FileCopy } from '../../../../electron/core/channels/file/payment-files.ts'
import type { ResultsPreview } from '../../../../electron/core/channels/file/results/results-imports.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { putSecret } from '../../../../electron/core/vault/secrets.ts'
import type { PartKey, Payment } from '../../../../shared/model/payment.ts'
import type { PaymentFileForm } from '../../../../shared/model/payment-file.ts'
import { approvedBatch, furnish, type ManagerSettings, type World } from '../../dispatch/approved-batches.ts'
import {
  newDirectory,
  openSendingOffice,
  paymentsOf,
  removeDirectory,
  type SendingOffice,
  statesOf,
  until,
} from '../../dispatch/sending-office.ts'
import { fileManager, forms, KEY } from './file-forms.ts'

/** An office that pays by files. */
export class FileScene {
  readonly directory: string
  office: SendingOffice
  world: World

  private constructor(directory: string, office: SendingOffice, world: World) {
    this.directory = directory
    this.office = office
    this.world = world
  }

  static async open(
    form: PaymentFileForm = forms.csv as unknown as PaymentFileForm,
    settings: ManagerSettings = {},
  ): Promise<FileScene> {
    const directory = newDirectory()
    const office = openSendingOffice(directory, { training: false })
    const { privateKey } = generateKeyPairSync('ed25519')
    office.store.transaction(OFFICE, (tx) => {
      putSecret(tx, 'signing-key', KEY, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
      tx.audit({ action: 'test.secret', subjectKind: 'secret', subjectId: KEY })
    })
    const world = await furnish(office.store, { disburse: '', status: '' }, { ...fileManager(form), ...settings })
    office.scheduler.start()
    return new FileScene(directory, office, world)
  }

  /** An approved batch on its way, its files made. */
  async made(count: number, name = 'one', from = 0): Promise<string> {
    const { batchId } = await approvedBatch(this.world, { name, count, from })
    this.office.dispatch.send(this.world.clerk.id, [batchId])
    await until('the files are made', () => statesOf(this.office, batchId).acknowledged === count)
    return batchId
  }

  take(batchId: string, { part = '1', reason = '' }: { part?: PartKey; reason?: string } = {}): Promise<FileCopy> {
    const wish = { batchId, part, reason }
    return this.office.files.takeCopy(this.world.clerk.id, wish, new AbortController().signal)
  }

  upload(text: string | Uint8Array, name = 'results.csv'): string {
    const content = typeof text === 'string' ? Buffer.from(text) : text
    const { results: imports } = this.office
    const uploadId = imports.begin(name, content.length)
    for (let from = 0, piece = 0; from < content.length; from += 100_000, piece += 1) {
      imports.uploads.append(uploadId, piece, content.subarray(from, from + 100_000))
    }
    return uploadId
  }

  preview(batchId: string, text: string | Uint8Array): Promise<ResultsPreview> {
    return this.office.results.preview(batchId, this.upload(text))
  }

  /** Shows a file of results and takes it in. */
  async bring(batchId: string, text: string | Uint8Array): Promise<ResultsPreview> {
    const uploadId = this.upload(text)
    const shown = await this.office.results.preview(batchId, uploadId)
    await this.office.results.apply(this.world.clerk.id, { batchId, uploadId, digest: shown.digest })
    return shown
  }

  payments(batchId: string): Payment[] {
    return paymentsOf(this.office, batchId)
  }

  states(batchId: string) {
    return statesOf(this.office, batchId)
  }

  /** The store as it is on the disk now, for a restore later. */
  async copy(): Promise<string> {
    const copy = join(this.directory, `copy-${randomUUID()}.db`)
    this.office.store.copyTo(copy)
    return copy
  }

  async restore(copy: string, more: (directory: string) => void = () => undefined): Promise<void> {
    await this.office.shut()
    const file = join(this.directory, 'office.db')
    for (const name of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(name)) rmSync(name)
    copyFileSync(copy, file)
    more(this.directory)
    this.reopen()
  }

  reopen(): void {
    const { key, time } = this.office
    this.office = openSendingOffice(this.directory, { key, time, training: false })
    this.world = { ...this.world, store: this.office.store }
    this.office.scheduler.start()
  }

  confirm(): Promise<void> {
    return this.office.dispatch.confirmRestored(this.world.administrator.id, new AbortController().signal)
  }

  async close(): Promise<void> {
    await this.office.shut()
    removeDirectory(this.directory)
  }
}

/** A file of results as a bank would write it: a line for each payment, changed as wanted. */
export function resultsTable(
  payments: readonly Payment[],
  change: (payment: Payment, place: number) => Partial<Record<string, string>> = () => ({}),
): string {
  const heading = ['request_id', 'status', 'amount', 'payee_identifier', 'code', 'reason', 'bank_reference']
  const rows = payments.map((payment, place) => {
    const row: Record<string, string | undefined> = {
      request_id: payment.id,
      status: 'PAID',
      amount: (payment.amount / 100).toFixed(2),
      payee_identifier: payment.payeeAddress.replace(/^phone:/, ''),
      code: '',
      reason: '',
      bank_reference: `B-${place}`,
      ...change(payment, place),
    }
    return heading.map((name) => row[name] ?? '').join(',')
  })
  return [heading.join(','), ...rows, ''].join('\r\n')
}
