import type { Find } from '../feature.ts'

/** A handful of batches for the command palette. */
const HANDFUL = 5

/** Batches whose name has what was typed, newest change first. */
const findBatches: Find = async (api, text, signal) => {
  const { rows } = await api.batches.page.ask({ offset: 0, limit: HANDFUL, text }, signal)
  return rows.map(({ id, name, programmeName }) => ({ id, title: name, detail: programmeName, to: `/batches/${id}` }))
}

export default findBatches
