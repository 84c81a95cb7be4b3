/** What the browser shows when the provider has sent the officer back; it names nobody and holds no program. */
const words = {
  en: {
    done: 'You can close this page',
    doneMeaning: 'Go back to the field office; it goes on there.',
    refused: 'Nothing was waiting for this page',
    refusedMeaning: 'Go back to the field office and begin again there.',
  },
  ar: {
    done: 'يمكنك إغلاق هذه الصفحة',
    doneMeaning: 'عُد إلى المكتب الميداني؛ يستمر العمل هناك.',
    refused: 'لا شيء ينتظر هذه الصفحة',
    refusedMeaning: 'عُد إلى المكتب الميداني وابدأ من جديد هناك.',
  },
} as const

export type PageLanguage = keyof typeof words
export const pageLanguages = Object.keys(words) as [PageLanguage, ...PageLanguage[]]

export function arrivalPage(language: PageLanguage, outcome: 'done' | 'refused'): string {
  const text = words[language]
  const direction = language === 'ar' ? 'rtl' : 'ltr'
  return `<!doctype html>
<html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text[outcome]}</title></head>
<body><h1>${text[outcome]}</h1><p>${text[`${outcome}Meaning`]}</p></body></html>
`
}
