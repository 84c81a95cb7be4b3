import { literalOf, type Node, walk } from './sources.ts'

/** Attributes whose text a person sees or hears. */
const spoken = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'alt',
  'description',
  'detail',
  'error',
  'header',
  'label',
  'name',
  'placeholder',
  'subtitle',
  'title',
])

const hasLetters = (text: string): boolean => /\p{L}{2,}/u.test(text)

function nameOf(attribute: Node): string {
  const { name, namespace } = attribute.name as { name: unknown; namespace?: { name: string } }
  return namespace ? `${namespace.name}:${(name as { name: string }).name}` : String(name)
}

/** Words that stand in the source instead of in the sentence files: JSX text, and literals in attributes that are read out. */
export function hardCodedText(program: Node): string[] {
  const found: string[] = []
  const keep = (text: string | undefined): void => {
    if (text !== undefined && hasLetters(text)) found.push(text.trim())
  }
  for (const node of walk(program)) {
    if (node.type === 'JSXText') keep(node.value as string)
    if (node.type === 'JSXExpressionContainer') continue
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children as Node[]) {
        if (child.type === 'JSXExpressionContainer') for (const text of shownBy(child.expression as Node)) keep(text)
      }
    }
    if (node.type === 'JSXAttribute' && spoken.has(nameOf(node))) {
      const value = node.value as Node | null
      if (value?.type === 'JSXExpressionContainer') for (const text of shownBy(value.expression as Node)) keep(text)
      else keep(literalOf(value))
    }
  }
  return found
}

/** Literals that an expression can put on the screen as they are. */
function shownBy(expression: Node): string[] {
  const literal = literalOf(expression)
  if (literal !== undefined) return [literal]
  if (expression.type === 'ConditionalExpression') {
    return [...shownBy(expression.consequent as Node), ...shownBy(expression.alternate as Node)]
  }
  if (expression.type === 'LogicalExpression') return shownBy(expression.right as Node)
  if (expression.type === 'TemplateLiteral') {
    return (expression.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
  }
  return []
}
