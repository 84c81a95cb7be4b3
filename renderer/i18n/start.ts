import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Language, languages, usePreferences } from '../state/preferences.ts'
import { files as english } from './en.ts'
import { namespacesOf, type Sentences } from './namespaces.ts'

/**
 * Every file of a language's folder: the file's name is the namespace. English stands behind every other language, so it comes
 * with the page; each other language is a chunk of its own.
 */
const loaders = {
  en: async () => ({ files: english }),
  ar: () => import('./ar.ts'),
} satisfies Record<Language, () => Promise<{ files: Record<string, Sentences> }>>

export const directionOf = (language: string): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr')

/** The language's own name for itself. */
export const languageNames: Record<Language, string> = { en: 'English', ar: 'العربية' }

async function load(language: Language): Promise<void> {
  const { files } = await loaders[language]()
  for (const [name, sentences] of Object.entries(namespacesOf(files))) {
    i18next.addResourceBundle(language, name, sentences, true, true)
  }
}

function applyToPage(language: Language): void {
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
}

/** Loads the preferred language (and English behind it), and follows the preference from then on. */
export async function startLanguages(): Promise<i18n> {
  const { language } = usePreferences.getState()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: [...languages],
    defaultNS: 'common',
    fallbackNS: 'common',
    resources: {},
    partialBundledLanguages: true,
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await Promise.all([...new Set<Language>([language, 'en'])].map(load))
  applyToPage(language)
  usePreferences.subscribe(({ language: wanted }, { language: before }) => {
    if (wanted === before) return
    void load(wanted).then(async () => {
      applyToPage(wanted)
      await i18next.changeLanguage(wanted)
    })
  })
  return i18next
}
