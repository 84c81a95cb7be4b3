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
  readonly windowStopped: string
  readonly windowHangs: string
  readonly safe: string
  readonly startAgain: string
  readonly openAgain: string
  readonly wait: string
  readonly close: string
  readonly stillSending: string
  readonly stillSendingDetail: string
  readonly keepOpen: string
  readonly closeAnyway: string
  readonly paymentsGoOut: string
  readonly workGoesOn: string
  readonly nothingRuns: string
  readonly notInstalled: string
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
  hasStopped: 'The office has stopped.',
  windowStopped: 'The window has stopped.',
  windowHangs: 'The window does not answer.',
  safe: 'Payments that were sent stay sent, and none is sent twice. Everything that was confirmed is kept; only what was being typed may be gone.',
  startAgain: 'Start again',
  openAgain: 'Open the window again',
  wait: 'Wait',
  close: 'Close',
  stillSending: 'Payments are going out.',
  stillSendingDetail:
    'What is on its way is finished before the office closes. The rest waits and goes out when the office is open again.',
  keepOpen: 'Keep the office open',
  closeAnyway: 'Finish and close',
  paymentsGoOut: 'payments are going out',
  workGoesOn: 'work goes on in the background',
  nothingRuns: 'nothing is running',
  notInstalled: 'The new version was not installed: the file is not the one that was checked. The office is unchanged.',
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
  hasStopped: 'توقف المكتب.',
  windowStopped: 'توقفت النافذة.',
  windowHangs: 'النافذة لا تستجيب.',
  safe: 'الدفعات المرسلة تبقى مرسلة، ولا تُرسل أي دفعة مرتين. كل ما تم تأكيده محفوظ؛ وقد يضيع فقط ما كان قيد الكتابة.',
  startAgain: 'التشغيل من جديد',
  openAgain: 'فتح النافذة من جديد',
  wait: 'الانتظار',
  close: 'إغلاق',
  stillSending: 'هناك دفعات قيد الإرسال.',
  stillSendingDetail: 'يكتمل ما هو في الطريق قبل أن يُغلق المكتب. وينتظر الباقي ويُرسل عند فتح المكتب من جديد.',
  keepOpen: 'إبقاء المكتب مفتوحًا',
  closeAnyway: 'الإكمال ثم الإغلاق',
  paymentsGoOut: 'هناك دفعات قيد الإرسال',
  workGoesOn: 'العمل مستمر في الخلفية',
  nothingRuns: 'لا شيء قيد التشغيل',
  notInstalled: 'لم يُثبَّت الإصدار الجديد: الملف ليس هو الذي جرى فحصه. المكتب لم يتغير.',
}

/** @param locale BCP 47, as the system gives it. */
export const labelsFor = (locale: string): Labels => (/^ar\b/.test(locale) ? arabic : english)
