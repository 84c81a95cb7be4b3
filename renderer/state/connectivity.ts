import { create } from 'zustand'

/** How something outside is reached: `cut` means that the office itself keeps it closed (training switch, stop-all). */
export type OutsideState = 'up' | 'down' | 'unknown' | 'cut'

/** How well something stands, for its mark. */
export type Tone = 'good' | 'waiting' | 'bad'

export const toneOf: Readonly<Record<OutsideState, Tone>> = {
  up: 'good',
  down: 'bad',
  unknown: 'waiting',
  cut: 'waiting',
}

interface Connectivity {
  /** The core answers. */
  readonly coreUp: boolean
  /** When it stopped answering, epoch milliseconds; undefined before the first contact and while it is up. */
  readonly coreDownSince: number | undefined
  /** The line to the outside, as the core last said. */
  readonly line: OutsideState
  /** The payment system behind the line, as the core last said. */
  readonly paymentSystem: OutsideState
}

/** What is reached from here, for the chip in the top bar. */
export const useConnectivity = create<Connectivity>()(() => ({
  coreUp: false,
  coreDownSince: undefined,
  line: 'unknown',
  paymentSystem: 'unknown',
}))

export function setCoreUp(up: boolean): void {
  const { coreUp } = useConnectivity.getState()
  if (up) useConnectivity.setState({ coreUp: true, coreDownSince: undefined })
  else if (coreUp) useConnectivity.setState({ coreUp: false, coreDownSince: Date.now() })
}

/** What the core says about the outside; called by whoever asks it (Home's summary). */
export const setOutside = (outside: Pick<Connectivity, 'line' | 'paymentSystem'>): void =>
  useConnectivity.setState(outside)
