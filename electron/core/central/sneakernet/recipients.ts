import { fail } from '../../../../shared/contract/result.ts'
import type { EncryptionKey } from '../../../../shared/model/central.ts'
import { OfficeCard } from '../../../../shared/model/central-file.ts'
import type { Store } from '../../store/store.ts'
import { findCentralSettings } from '../settings.ts'
import { openInstallationKey } from './installation-key.ts'
import { encryptionKeyOf, keyIdOf } from './part-box.ts'

/** To whom changes can go in a file. */
export interface Recipient {
  /** `centre` for the district's own key. */
  readonly installationId: string
  readonly officeName: string
  readonly keyId: string
  readonly encryptionKey: EncryptionKey
  /** Milliseconds by the office's clock. */
  readonly addedAt: number
}

interface Row {
  readonly installationId: string
  readonly officeName: string
  readonly keyId: string
  readonly encryptionKey: string
  readonly addedAt: string
}

const COLUMNS = `SELECT installation_id AS installationId, key_id AS keyId, office_name AS officeName,
  encryption_key AS encryptionKey, added_at AS addedAt FROM central_recipient`

const fromRow = ({ encryptionKey, addedAt, ...rest }: Row): Recipient => ({
  ...rest,
  encryptionKey: JSON.parse(encryptionKey) as EncryptionKey,
  addedAt: Number(addedAt),
})

export const listRecipients = (store: Pick<Store, 'sql'>): Recipient[] =>
  (store.sql(`${COLUMNS} ORDER BY installation_id <> 'centre', office_name`).all() as Row[]).map(fromRow)

/** @throws OfficeError `central-files.no-recipient` */
export function getRecipient(store: Pick<Store, 'sql'>, installationId: string): Recipient {
  const row = store.sql(`${COLUMNS} WHERE installation_id = ?`).get(installationId) as Row | undefined
  return row === undefined ? fail('central-files.no-recipient') : fromRow(row)
}

/** The district this office belongs to. @throws OfficeError `central.not-configured` */
export const getDistrict = (store: Pick<Store, 'findMark'>): string =>
  findCentralSettings(store)?.district ?? fail('central.not-configured')

/** What this office hands to others so that they can write to it. @throws OfficeError `central.not-configured` */
export function ownCard(store: Store): OfficeCard {
  return {
    format: 'g2p-office',
    version: 1,
    district: getDistrict(store),
    installationId: store.installationId,
    officeName: store.findMark('office-name') || store.installationId,
    encryptionKey: encryptionKeyOf(openInstallationKey(store)),
  }
}

/** What two people compare by voice, so that nobody puts a card of their own in between. */
export const fingerprintOf = (keyId: string): string =>
  (Buffer.from(keyId, 'base64url').toString('hex').slice(0, 24).match(/.{4}/g) ?? []).join(' ')

/**
 * What a card says, before it is taken.
 *
 * @throws OfficeError `central-files.card-invalid`, `-.other-district`, `-.own-file`, `central.not-configured`
 */
export async function readCard(
  store: Store,
  text: string,
): Promise<Omit<Recipient, 'addedAt'> & { fingerprint: string }> {
  const { district, installationId, officeName, encryptionKey } = cardOf(text)
  if (district !== getDistrict(store)) fail('central-files.other-district', { district })
  if (installationId === store.installationId) fail('central-files.own-file')
  const keyId = await keyIdOf(encryptionKey)
  return { installationId, officeName, encryptionKey, keyId, fingerprint: fingerprintOf(keyId) }
}

function cardOf(text: string): OfficeCard {
  try {
    return OfficeCard.parse(JSON.parse(text))
  } catch {
    // Cut off, another file, an older paste: all of it is no card.
    return fail('central-files.card-invalid')
  }
}

/** Takes a card: from now on changes can be written to that office. @throws OfficeError as {@link readCard} */
export async function addRecipient(store: Store, officerId: string, text: string): Promise<Recipient> {
  const { fingerprint, ...card } = await readCard(store, text)
  store.transaction(officerId, (transaction) => {
    transaction
      .sql('INSERT OR REPLACE INTO central_recipient VALUES (?, ?, ?, ?, ?)')
      .run(card.installationId, card.keyId, card.officeName, JSON.stringify(card.encryptionKey), String(Date.now()))
    transaction.audit({
      action: 'central-files.recipient-added',
      subjectKind: 'office',
      subjectId: card.installationId,
      detail: { keyId: card.keyId },
    })
  })
  return getRecipient(store, card.installationId)
}
