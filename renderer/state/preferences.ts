import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const languages = ['en', 'ar'] as const
export type Language = (typeof languages)[number]

/** Light, dark, or what the system says. */
export type ColourScheme = 'light' | 'dark' | 'auto'

/** How a person arranged one table. Nothing of the table's content. */
export interface TableLayout {
  readonly hidden: readonly string[]
  readonly sort?: { readonly column: string; readonly direction: 'asc' | 'desc' } | undefined
}

interface Preferences {
  readonly language: Language
  readonly colourScheme: ColourScheme
  /** The rail shows icons only. */
  readonly railFolded: boolean
  readonly tables: Readonly<Record<string, TableLayout>>
}

function languageOfSystem(): Language {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages
  return languages.find((language) => wanted.some((tag) => tag.split('-')[0] === language)) ?? 'en'
}

/** What this machine's user likes; kept in the browser's local storage, so it stays across sign-ins. */
export const usePreferences = create<Preferences>()(
  persist<Preferences>(() => ({ language: languageOfSystem(), colourScheme: 'auto', railFolded: false, tables: {} }), {
    name: 'field-office.preferences',
    version: 1,
  }),
)

export function setLanguage(language: Language): void {
  usePreferences.setState({ language })
}
export function setColourScheme(colourScheme: ColourScheme): void {
  usePreferences.setState({ colourScheme })
}
export function setRailFolded(railFolded: boolean): void {
  usePreferences.setState({ railFolded })
}

export function setTableLayout(table: string, layout: TableLayout): void {
  usePreferences.setState(({ tables }) => ({ tables: { ...tables, [table]: layout } }))
}
