import type { Find } from '../feature.ts'

const MOST = 6

/** Programmes for the command palette. */
const findProgrammes: Find = async (api, text, signal) => {
  const wanted = text.toLocaleLowerCase()
  const rows = await api.programmes.programme.list.ask(undefined, signal)
  return rows
    .filter(({ programme }) => programme.name.toLocaleLowerCase().includes(wanted))
    .slice(0, MOST)
    .map(({ programme }) => ({ id: programme.id, title: programme.name, to: `/programmes/${programme.id}` }))
}

export default findProgrammes
