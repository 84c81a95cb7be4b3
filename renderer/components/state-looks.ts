import {
  type Icon,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconEye,
  IconHandStop,
  IconHelp,
  IconHourglass,
  IconLock,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconX,
} from '@tabler/icons-react'
import type { ItemState, RunState } from '../../shared/contract/tokenisation.ts'
import type { BatchState } from '../../shared/model/batch.ts'
import type { PaymentState } from '../../shared/model/payment.ts'
import type { CycleState, EntitlementState } from '../../shared/model/programme.ts'
import type { ConnectorState } from '../../shared/model/tokenisation.ts'

/** A colour of the theme and a picture; the word stands in `states.json`. */
export interface StateLook {
  readonly colour: 'gray' | 'slate' | 'spruce' | 'moss' | 'ochre' | 'brick'
  readonly icon: Icon
}

const look = (colour: StateLook['colour'], icon: Icon): StateLook => ({ colour, icon })

/** How every state looks, by kind of record. */
export const stateLooks = {
  payment: {
    prepared: look('gray', IconCircleDashed),
    queued: look('slate', IconHourglass),
    sent: look('slate', IconSend),
    acknowledged: look('spruce', IconCheck),
    paid: look('moss', IconCircleCheck),
    rejected: look('brick', IconX),
    blocked: look('ochre', IconHandStop),
    unknown: look('ochre', IconHelp),
    review: look('ochre', IconEye),
    reversed: look('brick', IconArrowBackUp),
    cancelled: look('gray', IconBan),
  } satisfies Record<PaymentState, StateLook>,
  batch: {
    open: look('gray', IconPencil),
    submitted: look('ochre', IconClock),
    approved: look('spruce', IconCheck),
    returned: look('ochre', IconArrowBackUp),
    lapsed: look('gray', IconHourglass),
    queued: look('slate', IconHourglass),
    claimed: look('slate', IconLock),
    sending: look('slate', IconSend),
    following: look('slate', IconEye),
    settled: look('moss', IconCircleCheck),
    cancelled: look('gray', IconBan),
  } satisfies Record<BatchState, StateLook>,
  cycle: {
    draft: look('gray', IconPencil),
    to_approve: look('ochre', IconClock),
    approved: look('spruce', IconCheck),
    distributed: look('moss', IconCircleCheck),
    cancelled: look('gray', IconBan),
    ended: look('gray', IconLock),
  } satisfies Record<CycleState, StateLook>,
  entitlement: {
    draft: look('gray', IconPencil),
    pending_validation: look('ochre', IconClock),
    approved: look('spruce', IconCheck),
    trans2FSP: look('slate', IconSend),
    rdpd2ben: look('moss', IconCircleCheck),
    rejected1: look('brick', IconX),
    rejected2: look('brick', IconX),
    rejected3: look('brick', IconX),
    cancelled: look('gray', IconBan),
    expired: look('gray', IconHourglass),
  } satisfies Record<EntitlementState, StateLook>,
  enrolment: {
    enrolled: look('moss', IconCircleCheck),
    paused: look('ochre', IconPlayerPause),
    exited: look('gray', IconBan),
  },
  programme: { active: look('moss', IconCircleCheck), ended: look('gray', IconLock) },
  manager: { active: look('moss', IconCircleCheck), suspended: look('ochre', IconPlayerPause) },
  officer: {
    active: look('moss', IconCircleCheck),
    suspended: look('ochre', IconPlayerPause),
    unapproved: look('ochre', IconClock),
  },
  identity: {
    valid: look('moss', IconCircleCheck),
    invalid: look('brick', IconX),
    unverified: look('gray', IconCircleDashed),
  },
  job: {
    waiting: look('slate', IconHourglass),
    running: look('spruce', IconSend),
    deferred: look('gray', IconClock),
    paused: look('ochre', IconPlayerPause),
    done: look('moss', IconCircleCheck),
    attention: look('brick', IconHandStop),
    failed: look('brick', IconX),
    cancelled: look('gray', IconBan),
  },
  connector: {
    draft: look('gray', IconPencil),
    started: look('moss', IconPlayerPlay),
    stopped: look('ochre', IconPlayerPause),
    completed: look('gray', IconCircleCheck),
  } satisfies Record<ConnectorState, StateLook>,
  tokenRun: {
    choosing: look('slate', IconHourglass),
    sending: look('slate', IconSend),
    waiting: look('slate', IconClock),
    done: look('moss', IconCircleCheck),
    stopped: look('ochre', IconPlayerPause),
    failed: look('brick', IconX),
  } satisfies Record<RunState, StateLook>,
  tokenItem: {
    chosen: look('gray', IconCircleDashed),
    sent: look('slate', IconSend),
    tokenised: look('moss', IconCircleCheck),
    refused: look('brick', IconX),
    unanswered: look('ochre', IconHelp),
    skipped: look('ochre', IconHandStop),
  } satisfies Record<ItemState, StateLook>,
} as const satisfies Record<string, Record<string, StateLook>>

export type StateKind = keyof typeof stateLooks
export type StateOf<Kind extends StateKind> = keyof (typeof stateLooks)[Kind] & string

/** Colour and icon of a state; a state of a newer version looks plain. */
export function lookOf(kind: StateKind, state: string): StateLook {
  const looks: Record<string, StateLook> = stateLooks[kind]
  return looks[state] ?? look('gray', IconCircleDashed)
}
