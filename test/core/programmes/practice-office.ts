import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TRPCError } from '@trpc/server'
import { appRouter } from '../../../electron/core/api/router.ts'
import type { Core } from '../../../electron/core/core.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import type { ProgrammeSettings } from '../../../electron/core/programmes/programmes.ts'
import type { Draft } from '../../../electron/core/store/store.ts'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import { membershipId, registrantId } from '../../../shared/model/ids.ts'
import { addOfficer, PIN } from '../district.ts'

export const PINS = { clerk: PIN, approver: PIN, administrator: PIN }
type Role = keyof typeof PINS

/** An office with an officer of each role, asked through its API by each of them. */
export interface PracticeOffice {
  readonly office: Office
  readonly as: Readonly<Record<Role, ReturnType<typeof appRouter.createCaller>>>
  close(): Promise<void>
}

export async function openPracticeOffice(): Promise<PracticeOffice> {
  const directory = mkdtempSync(join(tmpdir(), 'programmes-'))
  const office = await openOffice({ directory, key: Buffer.alloc(32, 7), training: true })
  for (const role of Object.keys(PINS) as Role[]) await addOfficer(office, `officer-${role}`, [role])
  const core = { getOffice: () => office, findOffice: () => office } as Partial<Core> as Core
  const callers = await Promise.all(
    (Object.keys(PINS) as Role[]).map(async (role) => {
      await office.sessions.signIn(role, `officer-${role}`, PINS[role])
      return [role, appRouter.createCaller({ core, client: role })] as const
    }),
  )
  return {
    office,
    as: Object.fromEntries(callers) as PracticeOffice['as'],
    async close() {
      await office.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export interface Person {
  readonly number: string
  readonly kind?: 'individual' | 'group'
  readonly deceased?: boolean
  readonly removed?: boolean
  readonly area?: string
  /** Groups: how many living members they have today, and how many who left or died. */
  readonly members?: number
  readonly formerMembers?: number
}

const registrant = ({
  number,
  kind = 'group',
  deceased = false,
  removed = false,
  area = '',
}: Person): Draft<'registrant'> => ({
  id: registrantId(number),
  removed,
  kind,
  registryNumber: number,
  name: `Registrant ${number}`,
  givenName: '',
  familyName: '',
  additionalName: '',
  groupKind: kind === 'group' ? 'household' : '',
  gender: '',
  birthdate: null,
  deceasedOn: deceased ? '2026-01-01' : null,
  address: '',
  area,
  modeOfPayment: 'digital',
  tags: [],
  phoneNumbers: [],
  emails: [],
  bankAccounts: [],
  registrationDate: '2025-01-01',
  importId: '',
})

/** Enters invented people. @returns their ids in order */
export function enter({ store }: Office, people: readonly Person[]): string[] {
  store.transaction('officer-clerk', (transaction) => {
    for (const person of people) {
      const group = transaction.put('registrant', registrant(person))
      const join = (index: number, gone: boolean): void => {
        const member = registrant({
          number: `${person.number}/${index}`,
          kind: 'individual',
          deceased: gone && index % 2 === 0,
        })
        transaction.put('registrant', member)
        transaction.put('membership', {
          id: membershipId(group.id, member.id, '2020-01-01'),
          removed: false,
          groupId: group.id,
          individualId: member.id,
          kinds: index === 0 ? ['head'] : ['other'],
          startDate: '2020-01-01',
          endedDate: gone && index % 2 === 1 ? '2021-01-01' : null,
          importId: '',
        })
      }
      const living = person.members ?? 0
      for (let index = 0; index < living; index += 1) join(index, false)
      for (let index = living; index < living + (person.formerMembers ?? 0); index += 1) join(index, true)
    }
    transaction.audit({ action: 'test.entered', subjectKind: 'registrant', subjectId: '' })
  })
  return people.map(({ number }) => registrantId(number))
}

export const programmeSettings = (more: Partial<ProgrammeSettings> = {}): ProgrammeSettings => ({
  name: 'Cash for families',
  currency: 'ETB',
  target: 'group',
  entitlementRule: { kind: 'fixed', amount: 50_000 },
  fund: null,
  alternateRecipientAllowed: true,
  twoApproversAbove: null,
  paymentManagerId: '',
  ...more,
})

export const cycleSettings = (
  more: Partial<{ name: string; startDate: string; endDate: string; ceiling: number | null }> = {},
) => ({
  name: 'January',
  startDate: '2026-01-01',
  endDate: '2026-01-31',
  ceiling: null,
  ...more,
})

/** The fault that a call is refused with. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  try {
    await call
  } catch (error) {
    const cause = error instanceof TRPCError ? error.cause : error
    if (cause instanceof OfficeError) return cause.fault
    throw error
  }
  throw new Error('the call was not refused')
}
