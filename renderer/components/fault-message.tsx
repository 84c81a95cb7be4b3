import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconHandStop, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import type { ErrorAction, ErrorClass } from '../../shared/contract/errors/entry.ts'
import { catalogue } from '../../shared/contract/errors.ts'
import type { Fault } from '../../shared/contract/result.ts'
import { faultOf } from '../api/office-fault.ts'
import { faultSentence } from '../i18n/fault-sentence.ts'
import { useSession } from '../state/session.ts'

const looks: Record<ErrorClass, { colour: string; icon: typeof IconClock }> = {
  input: { colour: 'ochre', icon: IconInfoCircle },
  refused: { colour: 'ochre', icon: IconHandStop },
  conflict: { colour: 'ochre', icon: IconAlertTriangle },
  waiting: { colour: 'slate', icon: IconClock },
  outside: { colour: 'brick', icon: IconAlertTriangle },
  broken: { colour: 'brick', icon: IconAlertTriangle },
}

/** Actions whose button leads to a place; the others are the caller's (`onAction`) or only a sentence. */
const places: Partial<Record<ErrorAction, string>> = { 'open-settings': '/settings', review: '/outbox' }

/** Where a fault's action leads; nowhere when the officer is in the settings already. */
function placeOf(code: string, action: ErrorAction, here: string): string | undefined {
  if (action !== 'open-settings') return places[action]
  if (here.startsWith('/settings')) return undefined
  return code.startsWith('central.') ? '/settings/central' : places[action]
}

/** Actions that the sentence itself names. */
const saysItself: ReadonlySet<ErrorAction> = new Set(['correct', 'wait'])

interface FaultMessageProps {
  /** A fault of the core, or anything that was caught. */
  fault: Fault | Error
  /** Does the fault's action where the caller can: `try-again`, `check-now`, `reload`… */
  onAction?: (action: ErrorAction) => void
}

/** A fault as one sentence and its one action. */
export function FaultMessage({ fault: thrown, onAction }: FaultMessageProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const fault = thrown instanceof Error ? faultOf(thrown) : thrown
  const { class: kind, action } = catalogue[fault.code]
  const { colour, icon: Picture } = looks[kind]
  const isAdministrator = useSession((session) => session.officer?.roles.includes('administrator')) === true
  // Nobody is told to ask themselves.
  const place = placeOf(fault.code, action, pathname)
  const isHere = action === 'open-settings' && place === undefined
  const isSaid = saysItself.has(action) || (action === 'ask-administrator' && isAdministrator) || isHere
  const act = onAction
    ? () => onAction(action)
    : place
      ? () => navigate(place)
      : action === 'reload' || action === 'unlock' || action === 'sign-in'
        ? () => location.reload()
        : undefined
  const isButton = act && !isSaid && !action.startsWith('ask-')
  return (
    <Alert color={colour} icon={<Picture size={18} />} role="alert" variant="light" data-fault={fault.code}>
      <Group justify="space-between" gap="sm">
        <Text size="md" component="div">
          {faultSentence(t, fault)}
          {!isButton && !isSaid && (
            <Text span inherit fw={600}>
              {' '}
              {t(`faultAction.${action}`)}
            </Text>
          )}
        </Text>
        {isButton && (
          <Button size="xs" variant="light" color={colour} onClick={act}>
            {t(`faultAction.${action}`)}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
