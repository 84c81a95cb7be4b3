import type { Fault } from '../../shared/contract/result.ts'

/** A fault of the core as the screens throw and catch it; `fault` is what `<FaultMessage>` shows. */
export class OfficeFault extends Error {
  override readonly name = 'OfficeFault'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.code)
    this.fault = fault
  }
}

/** The fault behind anything that was thrown; what is not a fault of the core is `api.unexpected`. */
export function faultOf(thrown: unknown): Fault {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof OfficeFault) return error.fault
  }
  return { code: 'api.unexpected', params: {} }
}
