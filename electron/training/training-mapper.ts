import { setTimeout as pause } from 'node:timers/promises'
import { editionOf } from '../../shared/model/record.ts'
import { usualMapper } from '../../shared/rules/mapper/defaults.ts'
import { paymentManagerClaims, signClaims } from '../core/identity/signatures.ts'
import type { Office } from '../core/office.ts'
import { type Draft, OFFICE, type Store } from '../core/store/store.ts'
import { type MapperProcess, startMapperProcess } from '../peers/mapper/start-mapper-process.ts'
import { linkedAccounts, MAPPER_ID, NATIONAL_ID } from './people/linked-accounts.ts'
import { peopleWithVid } from './training-identities.ts'
import { TRAINING_MANAGER } from './training-manager.ts'
import { openTrainingRoot } from './training-officers.ts'
import { onItsPort, originOf } from './training-ports.ts'

const MAPPED_MANAGER = 'training-mapped-manager'
const PORT_MARK = 'training-mapper-port'

/** The account mapper of the training office while it is open. */
export interface TrainingMapper {
  /** Where it listens, or listened when the office was open last. */
  origins(): readonly string[]
  leave(): Promise<void>
}

/**
 * Brings up an account mapper that knows the invented people, and a payment manager that asks it, beside what the officers do:
 * nobody waits for them. An administrator who wants it chooses that manager for a programme.
 *
 * @param after milliseconds until it begins: the first screen comes first
 */
export function openTrainingMapper({ store, http }: Pick<Office, 'store' | 'http'>, after: number): TrainingMapper {
  const leaving = new AbortController()
  let mapper: MapperProcess | undefined
  const bringUp = async (): Promise<void> => {
    await pause(after, undefined, { signal: leaving.signal })
    const people = linkedAccounts(peopleWithVid())
    mapper = await onItsPort(store, PORT_MARK, (port) => startMapperProcess({ generation: 'spar-1', people, port }))
    if (leaving.signal.aborted) return
    await appointMappedManager(store, mapper.origin)
    http.tryNow()
  }
  const up = bringUp().catch((error: unknown) => {
    if (!leaving.signal.aborted) console.warn('the training office works without its account mapper:', error)
  })
  return {
    origins: () => originOf(store, PORT_MARK, mapper?.port),
    async leave() {
      leaving.abort()
      await up
      await mapper?.stop()
    },
  }
}

/** A second way to the built-in payment system; signed anew only when one of the two servers moved to another port. */
async function appointMappedManager(store: Store, origin: string): Promise<void> {
  const { changedAt, changedBy, ...built } = store.get('paymentManager', TRAINING_MANAGER)
  const known = store.find('paymentManager', MAPPED_MANAGER)
  const resolveUrl = origin + usualMapper['spar-1'].path
  const isSame =
    known?.mapper?.resolveUrl === resolveUrl &&
    known.paymentEndpointUrl === built.paymentEndpointUrl &&
    known.receiverKey?.x === built.receiverKey?.x
  if (isSame || known?.removed === true) return
  const draft: Draft<'paymentManager'> = {
    ...built,
    edition: editionOf(known ?? {}) + 1,
    id: MAPPED_MANAGER,
    name: 'Payees from an account mapper',
    payeeIdType: 'mapper',
    payeePrefix: '',
    payeeSuffix: '',
    mapper: {
      profile: 'spar-1',
      resolveUrl,
      senderId: built.senderId,
      senderUri: '',
      receiverId: 'mapper.example.org',
      idType: NATIONAL_ID,
      idTemplate: MAPPER_ID,
      strategies: [...usualMapper['spar-1'].strategies],
      addressTypes: { bank: 'account_no', mobile: 'phone', email: 'email' },
      kinds: ['bank', 'mobile', 'email'],
      providers: [],
      onlyListedProviders: false,
      questionSize: 100,
      apiTimeout: 10,
      authentication: { kind: 'none' },
      signing: { kind: 'none' },
      replySigning: 'none',
      receiverKey: null,
      certificateAuthority: '',
    },
    signature: '',
  }
  const root = await openTrainingRoot(store)
  const signature = await signClaims('payment-manager', paymentManagerClaims(draft), 'trust-root', root)
  store.transaction(OFFICE, (transaction) => {
    transaction.put('paymentManager', { ...draft, signature })
    transaction.audit({ action: 'manager.appointed', subjectKind: 'paymentManager', subjectId: MAPPED_MANAGER })
  })
}
