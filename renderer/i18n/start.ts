import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Language, languages, usePreferences } from '../state/preferences.ts'

/** Sentences of one namespace; plurals carry i18next's suffixes (`_one`, `_other`, …). */
type Sentences = Record<string, unknown>

/** One chunk per language, each with every file of its folder: the file's name is the namespace. */
const loaders = {
  en: () => import('./en.ts'),
  ar: () => import('./ar.ts'),
} satisfies Record<Language, () => Promise<{ files: Record<string, Sentences> }>>

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
