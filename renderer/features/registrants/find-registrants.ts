import type { Find } from '../feature.ts'

/** Registrants for the command palette. */
const findRegistrants: Find = async (api, text, signal) => {
  const { rows } = await api.registry.search.ask({ text, limit: 8 }, signal)
  return rows.map(({ id, name, registryNumber, area }) => ({
    id,
    title: name,
    detail: [registryNumber, area].filter((part) => part !== '').join(' · '),
    to: `/registrants/${id}`,
  }))
}

export default findRegistrants
