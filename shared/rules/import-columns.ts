/*
 * What the columns of an imported file can mean, and which meaning a heading suggests. Names of OpenG2P's fields and
 * headings in English, French, Spanish and Arabic are known.
 */

/** What one row of the file is. */
export const importSubjects = ['individual', 'group', 'household', 'membership'] as const
export type ImportSubject = (typeof importSubjects)[number]

const person = [
  'registryNumber',
  'name',
  'givenName',
  'familyName',
  'additionalName',
  'gender',
  'birthdate',
  'deceasedOn',
] as const
const place = ['address', 'area', 'modeOfPayment', 'tags', 'registrationDate'] as const
const contact = ['phone', 'phone2', 'email', 'accountNumber', 'iban', 'bic', 'bankName'] as const
const identity = ['identityType', 'identityValue', 'identityStatus', 'identityExpiresOn'] as const
const consent = ['consent', 'consentOn'] as const
const group = ['registryNumber', 'name', 'groupKind'] as const
const inHead = <T extends string>(fields: readonly T[]) => fields.map((field) => `head.${field}` as const)

/** Targets of each subject in the order in which they are offered. `head.…` is the head of a household row. */
export const importTargets: Readonly<Record<ImportSubject, readonly string[]>> = {
  individual: [...person, ...place, ...contact, ...identity, ...consent],
  group: [...group, ...place, ...contact, ...identity],
  household: [...group, ...place, ...inHead(person), ...inHead(contact), ...inHead(identity), ...inHead(consent)],
  membership: ['groupNumber', 'individualNumber', 'kinds', 'startDate', 'endedDate'],
}

/** Targets without which a file of this subject says nothing; of each list one must be there. */
export const neededTargets: Readonly<Record<ImportSubject, readonly (readonly string[])[]>> = {
  individual: [['name', 'givenName', 'familyName']],
  group: [['name', 'registryNumber']],
  household: [['registryNumber'], ['head.name', 'head.givenName', 'head.familyName']],
  membership: [['groupNumber'], ['individualNumber']],
}

/** By column (from 0): its target; columns without one are not read. */
export type ImportMapping = Readonly<Record<string, string>>

/** Headings by target, folded: small letters, no accents, one space between words. */
const headings: Readonly<Record<string, readonly string[]>> = {
  registryNumber: [
    'registry number',
    'registration number',
    'registrant number',
    'number',
    'ref',
    'reference',
    'id',
    'person number',
    'beneficiary id',
    'numero',
    'numero de registre',
    'matricule',
    'numero de registro',
    'رقم',
    'رقم التسجيل',
    'الرقم',
    'رقم المستفيد',
  ],
  name: [
    'name',
    'full name',
    'complete name',
    'display name',
    'nom complet',
    'nombre completo',
    'الاسم',
    'الاسم الكامل',
  ],
  givenName: [
    'given name',
    'first name',
    'firstname',
    'prenom',
    'prenoms',
    'nombre',
    'nombres',
    'الاسم الاول',
    'الاسم الشخصي',
  ],
  familyName: [
    'family name',
    'last name',
    'lastname',
    'surname',
    'nom',
    'nom de famille',
    'apellido',
    'apellidos',
    'اسم العائلة',
    'اللقب',
  ],
  additionalName: [
    'addl name',
    'additional name',
    'middle name',
    'father name',
    'deuxieme prenom',
    'segundo nombre',
    'اسم الاب',
  ],
  gender: ['gender', 'sex', 'sexe', 'genre', 'sexo', 'genero', 'الجنس', 'النوع'],
  birthdate: [
    'birthdate',
    'birth date',
    'date of birth',
    'dob',
    'born',
    'date de naissance',
    'fecha de nacimiento',
    'تاريخ الميلاد',
    'تاريخ الولادة',
  ],
  deceasedOn: ['deceased on', 'date of death', 'died', 'date de deces', 'fecha de defuncion', 'تاريخ الوفاة'],
  groupKind: ['group kind', 'kind', 'group type', 'household type', 'type de groupe', 'tipo de grupo', 'نوع المجموعة'],
  address: ['address', 'street', 'adresse', 'direccion', 'domicilio', 'العنوان'],
  area: [
    'area',
    'area id',
    'district',
    'village',
    'region',
    'kebele',
    'commune',
    'zone',
    'zona',
    'distrito',
    'المنطقة',
    'القرية',
    'الحي',
  ],
  modeOfPayment: [
    'mode of payment',
    'payment mode',
    'payment method',
    'mode de paiement',
    'modo de pago',
    'forma de pago',
    'طريقة الدفع',
  ],
  tags: ['tags', 'tags ids', 'tag', 'labels', 'etiquettes', 'etiquetas', 'وسوم'],
  registrationDate: [
    'registration date',
    'registered on',
    "date d'enregistrement",
    'fecha de registro',
    'تاريخ التسجيل',
  ],
  phone: [
    'phone',
    'phone no',
    'phone number',
    'phone number ids',
    'mobile',
    'mobile number',
    'telephone',
    'tel',
    'telefono',
    'celular',
    'movil',
    'الهاتف',
    'رقم الهاتف',
    'الجوال',
    'رقم الجوال',
  ],
  phone2: ['phone 2', 'second phone', 'other phone', 'telephone 2', 'telefono 2', 'هاتف اخر'],
  email: ['email', 'e mail', 'mail', 'email address', 'courriel', 'correo', 'correo electronico', 'البريد الالكتروني'],
  accountNumber: [
    'account number',
    'acc number',
    'account',
    'bank account',
    'account no',
    'bank ids acc number',
    'numero de compte',
    'compte',
    'numero de cuenta',
    'cuenta',
    'رقم الحساب',
    'الحساب',
  ],
  iban: ['iban', 'ايبان', 'رقم الايبان'],
  bic: ['bic', 'swift', 'bank bic', 'bic swift', 'code bic', 'codigo swift', 'سويفت'],
  bankName: ['bank', 'bank name', 'banque', 'banco', 'البنك', 'اسم البنك', 'المصرف'],
  identityType: ['id type', 'identity type', 'reg ids id type', "type d'identite", 'tipo de documento', 'نوع الهوية'],
  identityValue: [
    'identity number',
    'id number',
    'national id',
    'national id number',
    'reg ids value',
    "numero d'identite",
    'cin',
    'cedula',
    'dni',
    'numero de documento',
    'رقم الهوية',
    'الرقم الوطني',
    'رقم البطاقة',
  ],
  identityStatus: ['id status', 'identity status', 'statut', 'estado', 'حالة الهوية'],
  identityExpiresOn: [
    'id expiry',
    'expiry date',
    'expires on',
    "date d'expiration",
    'fecha de vencimiento',
    'تاريخ الانتهاء',
  ],
  consent: [
    'consent',
    'consent given',
    'consents',
    'token consent',
    'consent to a token',
    'consentement',
    'consentimiento',
    'الموافقة',
    'موافقة',
  ],
  consentOn: [
    'consent date',
    'date of consent',
    'consent on',
    'consent given on',
    'date du consentement',
    'date de consentement',
    'fecha del consentimiento',
    'fecha de consentimiento',
    'تاريخ الموافقة',
  ],
  groupNumber: [
    'group number',
    'group',
    'household number',
    'household',
    'group id',
    'household id',
    'numero de menage',
    'menage',
    'numero de hogar',
    'hogar',
    'رقم الاسرة',
    'الاسرة',
    'رقم المجموعة',
  ],
  individualNumber: [
    'individual number',
    'individual',
    'member number',
    'member',
    'person number',
    'individual id',
    'membre',
    'miembro',
    'رقم الفرد',
    'العضو',
  ],
  kinds: ['kind', 'kinds', 'role', 'relationship', 'relation', 'lien', 'parentesco', 'rol', 'الصلة', 'صلة القرابة'],
  startDate: ['start date', 'from', 'start', 'date de debut', 'fecha de inicio', 'تاريخ البداية'],
  endedDate: ['ended date', 'end date', 'until', 'end', 'date de fin', 'fecha de fin', 'تاريخ النهاية'],
}

const HEAD_WORDS = [
  'head',
  'head of household',
  'hoh',
  'chef',
  'chef de menage',
  'jefe',
  'jefe de hogar',
  'jefa',
  'رب الاسرة',
]
const GROUP_WORDS = ['household', 'group', 'hh', 'menage', 'groupe', 'hogar', 'grupo', 'الاسرة', 'المجموعة']

/** A heading in the form in which headings are compared. */
export const foldHeading = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[أإآ]/g, 'ا')
    .replace(/([a-z])’/g, "$1'")
    .replace(/[\s_\-./:()#*]+/g, ' ')
    .trim()

function targetOf(heading: string, targets: readonly string[]): string | undefined {
  return targets.find((target) => headings[target]?.some((known) => known === heading))
}

function withoutWord(heading: string, words: readonly string[]): string | undefined {
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    if (heading === word) return ''
    if (heading.startsWith(`${word} `)) return heading.slice(word.length + 1)
    if (heading.endsWith(` ${word}`)) return heading.slice(0, -word.length - 1)
  }
  return undefined
}

function householdTarget(heading: string): string | undefined {
  const personal = importTargets.household
    .filter((target) => target.startsWith('head.'))
    .map((target) => target.slice(5))
  const own = importTargets.household.filter((target) => !target.startsWith('head.'))
  const ofHead = withoutWord(heading, HEAD_WORDS)
  if (ofHead !== undefined) {
    const target = ofHead === '' ? 'name' : targetOf(ofHead, personal)
    return target && `head.${target}`
  }
  const ofGroup = withoutWord(heading, GROUP_WORDS)
  if (ofGroup !== undefined) return ofGroup === '' ? 'registryNumber' : targetOf(ofGroup, own)
  const plain = targetOf(heading, own)
  // A bare "name" beside a household number is the person's; a bare number is the household's.
  if (plain !== undefined && plain !== 'name') return plain
  const target = targetOf(heading, personal)
  return target && `head.${target}`
}

/** The mapping that the headings of a file suggest; each target once, at its first column. */
export function suggestMapping(subject: ImportSubject, header: readonly string[]): ImportMapping {
  const mapping: Record<string, string> = {}
  const taken = new Set<string>()
  for (const [column, text] of header.entries()) {
    const heading = foldHeading(text)
    const exact = importTargets[subject].find((target) => target.toLowerCase() === text.trim().toLowerCase())
    const found =
      exact ?? (subject === 'household' ? householdTarget(heading) : targetOf(heading, importTargets[subject]))
    if (found === undefined || taken.has(found)) continue
    taken.add(found)
    mapping[column] = found
  }
  return mapping
}

/** The subject that the headings of a file fit best. */
export function suggestSubject(header: readonly string[]): ImportSubject {
  const fits = (subject: ImportSubject): boolean => {
    const found = new Set(Object.values(suggestMapping(subject, header)))
    return neededTargets[subject].every((one) => one.some((target) => found.has(target)))
  }
  const folded = header.map(foldHeading)
  if (fits('membership') && !fits('individual')) return 'membership'
  if (fits('household') && folded.some((heading) => withoutWord(heading, HEAD_WORDS) !== undefined)) return 'household'
  return fits('individual') || !fits('group') ? 'individual' : 'group'
}

/** The first needed target that a mapping lacks. */
export const missingTarget = (subject: ImportSubject, mapping: ImportMapping): string | undefined => {
  const mapped = new Set(Object.values(mapping))
  return neededTargets[subject].find((one) => !one.some((target) => mapped.has(target)))?.[0]
}

/** Whether a column of the file tells of consents. */
export const readsConsent = (mapping: ImportMapping): boolean =>
  Object.values(mapping).some((target) => target === 'consent' || target === 'head.consent')
