import { OfficeError } from '../../../shared/contract/result.ts'
import type { Trial, TriedPerson } from '../../../shared/contract/tokenisation.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { readProgram, wrappedProgram } from '../../../shared/rules/tokenisation/jq-program.ts'
import { quotedMapping } from '../../../shared/rules/tokenisation/mapping.ts'
import type { Office } from '../office.ts'
import type { JqRunner } from './jq/jq.ts'
import { findStandingFault, mappingOf, peopleOf, sendableOf, surroundingsOf } from './person.ts'

const PEOPLE = 3

/** Digits of an identity number that a screen shows. */
const masked = (value: string): string => `•••• ${value.slice(-4)}`

/** What a seeder that knows the person, and one that does not, would hand to the output format. */
const outputs = (vid: string) => [
  { vid, status: 'processed', token: 'TOKEN', errorCode: null, errorMessage: null },
  {
    vid,
    status: 'error',
    token: null,
    errorCode: 'IDA-MLC-009',
    errorMessage: 'Invalid Input Parameter - individualId',
  },
]

/** Shows with three people of the registry what would be sent, and what jq makes of the answers; nothing leaves. */
export async function tryConnector(
  { store, reader, jq }: Pick<Office, 'store' | 'reader'> & { readonly jq: JqRunner },
  settings: ConnectorSettings,
): Promise<Trial> {
  const mapping = mappingOf(settings)
  const ids = await reader.run('tokenisation.candidates', {
    filter: settings.filter,
    vidType: settings.vidType,
    tokenType: settings.tokenType,
    due: null,
    limit: PEOPLE,
  })
  const [found, around] = [peopleOf(store, settings, ids), surroundingsOf(store)]
  const people = ids.flatMap((id, index): { tried: TriedPerson; inputs: unknown[] }[] => {
    const person = found.get(id)
    if (person === undefined) return []
    const { sent, vid, fault } = sendableOf(person, settings, `example-${index + 1}`)
    const shown = { ...sent, vid: masked(vid) }
    const reason = findStandingFault(person, around) ?? fault
    return [
      {
        tried: {
          registrantId: id,
          name: person.registrant.name,
          sent: shown,
          reason: reason?.reason ?? '',
          params: reason?.params ?? {},
          withToken: 'null',
          withRefusal: 'null',
        },
        inputs: outputs(shown.vid).map((output) => ({ input: shown, output })),
      },
    ]
  })
  const all = {
    mapping: JSON.stringify(quotedMapping(mapping), undefined, 2),
    program: wrappedProgram(settings.outputFormat),
  }
  if (readProgram(settings.outputFormat).forbidden.length > 0) {
    const [found] = readProgram(settings.outputFormat).forbidden
    const fault = { code: 'tokenisation.program-forbidden', params: { word: found?.word ?? '' } } as const
    return { ...all, people: people.map(({ tried }) => tried), fault }
  }
  try {
    const results = await jq.run(
      settings.outputFormat.trim() === '' ? '.output' : settings.outputFormat,
      people.flatMap(({ inputs }) => inputs),
    )
    const text = (index: number): string => JSON.stringify(results[index] ?? null, undefined, 2)
    return {
      ...all,
      people: people.map(({ tried }, index) => ({
        ...tried,
        withToken: text(index * 2),
        withRefusal: text(index * 2 + 1),
      })),
      fault: null,
    }
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error
    return { ...all, people: people.map(({ tried }) => tried), fault: error.fault }
  }
}
