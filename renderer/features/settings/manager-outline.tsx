import { NavLink } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PaymentHubSettings } from '../../../shared/model/payment-hub.ts'
import type { ManagerDraft } from './manager-draft.ts'
import classes from './settings.module.css'

/** Settings that only Payment Hub has. */
const ofHub = <K extends keyof PaymentHubSettings>(...names: readonly K[]) =>
  names.map((name) => `paymentHub.${name}` as const)

/** The form's sections in the order of a conversation with the payment system's operator, and the fields of each. */
const sections = {
  profile: ['name', 'kind', 'profile', 'envelopeUrl', 'envelopeStatusUrl'],
  endpoint: [
    'paymentEndpointUrl',
    'statusEndpointUrl',
    'senderId',
    'receiverId',
    'senderUri',
    'apiTimeout',
    'mode',
    ...ofHub('tenant', 'purpose', 'paymentMode'),
  ],
  connection: ['authentication', 'clientCertificate', 'certificateAuthority', 'extraHeaders'],
  security: ['signing', 'replySigning', 'receiverJwksUrl', 'receiverKey', 'encryption', ...ofHub('signing')],
  payer: ['payerName', 'payerAddress', 'locale', 'amountsFormat', 'scheduledTimestamp', ...ofHub('payer', 'amounts')],
  payee: [
    'payeeIdType',
    'regIdTypeForPayeeId',
    'payeePrefix',
    'payeeSuffix',
    'mapper',
    ...ofHub('payeeIdentifierType', 'payeeFsp', 'payeeBank'),
  ],
  tags: ['createBatch', 'batchTags'],
  sending: ['sendAutomatically', 'sendFilter', 'partSize', ...ofHub('fileLimit')],
  status: [
    'statusCheckActive',
    'statusCheckInterval',
    'statusPageSize',
    'statusAction',
    'statusBy',
    ...ofHub('stallLimit'),
  ],
  proof: ['duplicateProtectionProven', 'noMoneyMovedCodes'],
  file: ['name', 'paymentFile'],
  results: ['noMoneyMovedCodes'],
} as const satisfies Record<string, readonly (keyof ManagerDraft | `paymentHub.${keyof PaymentHubSettings}`)[]>
export type FormSection = keyof typeof sections

const OF_FILES: ReadonlySet<FormSection> = new Set<FormSection>([
  'file',
  'payer',
  'payee',
  'tags',
  'sending',
  'results',
])
const ONLY_OF_FILES: ReadonlySet<FormSection> = new Set<FormSection>(['file', 'results'])

/** The sections that a kind of manager has, in their order. */
export function sectionsOf(kind: ManagerDraft['kind']): readonly FormSection[] {
  const all = Object.keys(sections) as FormSection[]
  if (kind !== 'file') return all.filter((section) => !ONLY_OF_FILES.has(section))
  const own = all.filter((section) => OF_FILES.has(section))
  return ['file', ...own.filter((section) => section !== 'file')]
}

export const placeOf = (section: FormSection | 'selfTest' | 'secret' | 'mapper'): string => `manager-${section}`

/** Brings a section to the top and puts the keyboard there. */
export function goTo(place: string): void {
  const section = document.getElementById(place)
  section?.scrollIntoView({ block: 'start' })
  const first = section?.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea, button')
  first?.focus({ preventScroll: true })
}

/** The section that a finding belongs to. */
export const sectionOf = (path: string, kind: ManagerDraft['kind']): FormSection | undefined => {
  const [field = '', inner] = path.split('.')
  const place = field === 'paymentHub' && inner !== undefined ? `${field}.${inner}` : field
  if (place === 'paymentHub') return 'profile'
  return sectionsOf(kind).find((section) => sections[section].some((name) => name === place))
}

interface ManagerOutlineProps {
  readonly kind: ManagerDraft['kind']
  /** What stands above the form. */
  readonly above: readonly ('selfTest' | 'secret' | 'mapper')[]
  /** Sections in which something has to be corrected. */
  readonly wrong: ReadonlySet<FormSection | undefined>
}

/** The long form at a glance: where what stands, and where something has to be corrected. */
export function ManagerOutline({ kind, above, wrong }: ManagerOutlineProps) {
  const { t } = useTranslation('settings')
  return (
    <nav className={classes.sections} aria-label={t('form.outline')}>
      {above.map((place) => (
        <NavLink
          key={place}
          component="button"
          type="button"
          label={t(`${place}.title`)}
          onClick={() => goTo(placeOf(place))}
        />
      ))}
      {sectionsOf(kind).map((section) => (
        <NavLink
          key={section}
          component="button"
          type="button"
          label={t(`form.${section}`)}
          rightSection={
            wrong.has(section) && (
              <IconAlertTriangle
                size={16}
                color="var(--mantine-color-ochre-text)"
                role="img"
                aria-label={t('form.toCorrect')}
              />
            )
          }
          onClick={() => goTo(placeOf(section))}
        />
      ))}
    </nav>
  )
}
