/** The few words that stand outside the screens: menu, tray, questions of the system. */
export interface Labels {
  readonly file: string
  readonly edit: string
  readonly view: string
  readonly print: string
  readonly openOffice: string
  readonly closeOffice: string
  readonly openLink: string
  readonly cancel: string
  readonly leaveOffice: string
  readonly notOpened: string
  readonly hasStopped: string
}

const english: Labels = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  print: 'Print…',
  openOffice: 'Open the office',
  closeOffice: 'Close the office and stop sending',
  openLink: 'Open in the browser',
  cancel: 'Stay here',
  leaveOffice: 'This link leads out of the office.',
  notOpened: 'The office could not be opened.',
  hasStopped: 'The office has stopped. Nothing is lost; please start it again.',
}

const arabic: Labels = {
  file: 'ملف',
  edit: 'تحرير',
  view: 'عرض',
  print: 'طباعة…',
  openOffice: 'فتح المكتب',
  closeOffice: 'إغلاق المكتب وإيقاف الإرسال',
  openLink: 'فتح في المتصفح',
  cancel: 'البقاء هنا',
  leaveOffice: 'هذا الرابط يقود إلى خارج المكتب.',
  notOpened: 'تعذّر فتح المكتب.',
  hasStopped: 'توقف المكتب. لم يُفقد شيء؛ يرجى تشغيله من جديد.',
}

/** @param locale BCP 47, as the system gives it. */
export const labelsFor = (locale: string): Labels => (/^ar\b/.test(locale) ? arabic : english)
