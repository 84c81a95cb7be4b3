import { hire, newOffice, type OpenOffice } from '../open-office.ts'

export const DAY = 86_400_000
/** PINs of the clerk and of the approver. */
export const [SAMIR, LEILA] = ['605918', '731904']

/** An office with a clerk, samir, who may stand in for an approver, leila. The officers by their ids. */
export interface StandInOffice {
  readonly office: OpenOffice
  readonly admin: string
  readonly samir: string
  readonly leila: string
}

export async function openStandInOffice(): Promise<StandInOffice> {
  const { office, admin } = await newOffice()
  const samir = await hire(office, 'samir', ['clerk'], SAMIR)
  const leila = await hire(office, 'leila', ['approver'], LEILA)
  return { office, admin, samir, leila }
}
