/** Sentences of one namespace; plurals carry i18next's suffixes (`_one`, `_other`, …). */
export type Sentences = Record<string, unknown>

/** Files of sentences for codes (`errors-…`, `rules…`) have flat, dotted keys and become the one namespace `errors`. */
const isCodeFile = (name: string): boolean => /^(errors|rules)(-|$)/.test(name)

/** Namespaces of a language by name, with all files of codes joined into `errors`. */
export function namespacesOf(files: Record<string, Sentences>): Record<string, Sentences> {
  const namespaces: Record<string, Sentences> = { errors: {} }
  for (const [path, sentences] of Object.entries(files)) {
    const name = path.replace(/^.*\/|\.json$/g, '')
    if (isCodeFile(name)) namespaces.errors = { ...namespaces.errors, ...sentences }
    else namespaces[name] = sentences
  }
  return namespaces
}
