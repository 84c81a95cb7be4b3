import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { AuthData, LocalFinding } from '../../../../shared/rules/tokenisation/demographics.ts'
import type { CallbackOrder } from '../mts/envelope.ts'
import type { Person } from '../person.ts'
import type { RunParts } from './run-scene.ts'
import type { Run, Sql } from './run-store.ts'

/** A request as it goes to the seeder. */
export interface SeederPost {
  readonly path: '/authtoken/json' | '/authtoken/odk'
  readonly body: string
}

/** Where a connector's people come from, and how the seeder is told of them. */
export interface Source {
  /** People in one request, whatever the connector's own setting allows. */
  readonly most: number
  /**
   * Ids of the registrants who are due.
   *
   * @throws OfficeError what ends the run, or has it tried again where it may pass by itself
   */
  findDue(parts: RunParts, connector: Connector, run: Run, signal: AbortSignal): Promise<readonly string[]>
  /** What is sent of a person under a reference, or why nothing is. */
  look(
    from: Sql,
    connector: Connector,
    person: Person,
    ref: string,
  ): { readonly sent: AuthData; readonly vid: string; readonly fault: LocalFinding | undefined }
  request(
    parts: RunParts,
    connector: Connector,
    people: readonly AuthData[],
    order: CallbackOrder | undefined,
  ): SeederPost
  /** What else follows once a run has come to its end. */
  onEnd?(parts: RunParts, connector: Connector): void
}
