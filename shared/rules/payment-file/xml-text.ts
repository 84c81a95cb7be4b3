/*
 * A small writer of XML 1.0: elements, attributes and text, nothing else, so that nothing else can come out of it.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 §2.2 has no place for them, not even escaped
const UNFIT = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader would make spaces of them in an attribute, and nothing of a carriage return in text.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text as it stands in XML; what XML cannot hold at all is left out. */
export const escapeXml = (text: string): string =>
  text.replace(UNFIT, '').replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character)

/** What stands in an element: text, elements, or nothing. */
export type XmlContent = string | readonly XmlElement[]
export interface XmlElement {
  readonly name: string
  readonly content: XmlContent
  readonly attributes?: Readonly<Record<string, string>>
}

/** An element; those whose content is undefined are left out by {@link only}. */
export const element = (
  name: string,
  content: XmlContent,
  attributes?: Readonly<Record<string, string>>,
): XmlElement => (attributes === undefined ? { name, content } : { name, content, attributes })

export const only = (...elements: readonly (XmlElement | null)[]): readonly XmlElement[] =>
  elements.filter((one) => one !== null)

function write({ name, content, attributes = {} }: XmlElement, depth: number, into: string[]): void {
  const indent = ' '.repeat(depth)
  const marks = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  const open = `${indent}<${name}${marks.join('')}`
  if (typeof content === 'string') {
    into.push(`${open}>${escapeXml(content)}</${name}>`)
    return
  }
  into.push(`${open}>`)
  for (const child of content) write(child, depth + 1, into)
  into.push(`${indent}</${name}>`)
}

/** A whole document in UTF-8. */
export function writeXml(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>']
  write(root, 0, lines)
  return `${lines.join('\n')}\n`
}
