/*
 * Templates of text with fields in braces: `account:{account_no}@{branch}.{bank}.{type}`. A text is read by a template only
 * when there is exactly one way to do it, since a dot in the name of a bank could otherwise move an account to another one.
 */

/** Fields of an account that templates may name, with what each holds. */
const fields = {
  account_number: 'code',
  account_no: 'code',
  bank_code: 'code',
  bank: 'code',
  bank_name: 'name',
  branch_code: 'code or nothing',
  branch: 'code or nothing',
  branch_name: 'name',
  mobile_number: 'code',
  phone: 'code',
  wallet_provider_code: 'code',
  wallet: 'code',
  wallet_provider_name: 'name',
  email_address: 'email',
  email: 'email',
  fa_type: 'code',
  type: 'code',
} as const
export type TemplateField = keyof typeof fields

export type FieldValues = Readonly<Partial<Record<TemplateField, string>>>

const forms: Readonly<Record<(typeof fields)[TemplateField], RegExp>> = {
  code: /^[^\s.:@\p{C}]+$/u,
  'code or nothing': /^[^\s.:@\p{C}]*$/u,
  email: /^[^\s:@\p{C}]+@[^\s:@\p{C}]+$/u,
  name: /^[^:@\p{C}]*$/u,
}

/** Alternating texts and fields, beginning and ending with a text. */
interface Template {
  readonly texts: readonly string[]
  readonly fields: readonly TemplateField[]
}

const isField = (name: string): name is TemplateField => Object.hasOwn(fields, name)

/** Takes a template apart; undefined when it names a field that there is not, one twice, or two with nothing between them. */
export function findTemplate(text: string): Template | undefined {
  const pieces = text.split(/\{([a-z_]*)\}/)
  const texts = pieces.filter((_, at) => at % 2 === 0)
  const names = pieces.filter((_, at) => at % 2 === 1)
  if (texts.some((one) => /[{}]/.test(one)) || texts.slice(1, -1).some((one) => one === '')) return undefined
  if (names.length === 0 || !names.every(isField) || new Set(names).size < names.length) return undefined
  return { texts, fields: names }
}

/** Longest text that is read. */
const LONGEST = 1_000

/** Every way to read a text by a template, at most two of them. */
export function readByTemplate(text: string, { texts, fields: names }: Template): FieldValues[] {
  const found: FieldValues[] = []
  const [first = ''] = texts
  if (text.length > LONGEST || !text.startsWith(first)) return found
  const read = (at: number, place: number, values: FieldValues): void => {
    const name = names[place]
    if (name === undefined) {
      if (at === text.length) found.push(values)
      return
    }
    const next = texts[place + 1] ?? ''
    const isLast = place === names.length - 1
    const from = isLast ? text.length - next.length : at
    for (let end = Math.max(from, at); found.length < 2; end += 1) {
      end = isLast ? end : text.indexOf(next, end)
      if (end < 0 || end > text.length || !text.startsWith(next, end)) return
      const value = text.slice(at, end)
      if (forms[fields[name]].test(value)) read(end + next.length, place + 1, { ...values, [name]: value })
      if (isLast) return
    }
  }
  read(first.length, 0, {})
  return found
}
