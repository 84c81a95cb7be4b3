import { Button, Group, Stack, Stepper, Text, Tooltip } from '@mantine/core'
import { IconFileImport, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { CycleState } from '../../../shared/model/programme.ts'
import {
  type CycleMove,
  cycleMoveNames,
  cycleMoves,
  findCycleRefusal,
  unsettled,
} from '../../../shared/rules/cycle-life.ts'
import { openForEntitlements } from '../../../shared/rules/entitlement-life.ts'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Money } from '../../components/money.tsx'
import { notifyDone, notifyUndo } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMay, useOfficer, useRoles } from '../../state/session.ts'
import type { CycleView } from './answers.ts'
import { useAskReason } from './ask-reason.tsx'
import { LeftOut } from './left-out.tsx'
import { ListDialog, type ListOutcome } from './list-dialog.tsx'

const way = ['draft', 'to_approve', 'approved', 'distributed', 'ended'] as const satisfies readonly CycleState[]

/** The cycle's way, what is next, who can do it, and what holds it up. */
export function CycleSteps({ view, work }: { view: CycleView; work: unknown }) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const api = useApi()
  const officer = useOfficer()
  const roles = useRoles()
  const may = useMay()
  const askPin = useAskPin()
  const askReason = useAskReason()
  const confirm = useConfirm()
  const show = useDialog()
  const mayGenerate = useMay('clerk')
  const [fault, setFault] = useState<Error>()
  const [leftOut, setLeftOut] = useState<Readonly<Record<string, number>>>({})
  const { cycle, facts, currency, fund } = view
  const busy = work !== null
  const open = unsettled(facts)
  const place = (way as readonly CycleState[]).indexOf(cycle.state)
  const isMaker = cycle.makers.includes(officer.id)

  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    setFault(undefined)
    setLeftOut({})
    try {
      await deed()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const generate = (source: 'rule' | 'previous'): Promise<void> =>
    attempt(async () => {
      const outcome = await api.programmes.cycles.generate.run({ cycleId: cycle.id, source })
      setLeftOut(outcome.leftOut)
      notifyDone(
        t('generation.done', {
          made: format.number(outcome.made),
          changed: format.number(outcome.changed),
          kept: format.number(outcome.kept),
          withdrawn: format.number(outcome.withdrawn),
        }),
      )
    })

  const importList = async (): Promise<void> => {
    const outcome = await show<ListOutcome>((close) => (
      <ListDialog
        purpose={{ subject: 'entitlements', cycleId: cycle.id, locale: format.locale }}
        currency={currency}
        onClose={close}
      />
    ))
    if (outcome === undefined || outcome.taken === 0) return
    notifyUndo(t('lists.entitlements.done', { number: format.number(outcome.taken) }), () =>
      api.programmes.lists.undo.run({ importId: outcome.importId }),
    )
  }

  const figures = (
    <Stack gap={4}>
      <Text>
        {t('steps.figures', {
          number: format.number(facts.pending + facts.granted),
        })}
      </Text>
      <Money minor={facts.pendingSum + facts.grantedSum} currency={currency} fw={640} />
    </Stack>
  )
  const move = async (name: CycleMove): Promise<void> => {
    const { needsPin, needsReason } = cycleMoves[name]
    const title = t(`steps.${name}.title`)
    const body = (
      <Stack gap="xs">
        <Text>{t(`steps.${name}.body`)}</Text>
        {(name === 'approve' || name === 'submit') && figures}
        {name === 'end' && open > 0 && <Text fw={600}>{t('steps.end.open', { number: format.number(open) })}</Text>}
      </Stack>
    )
    const confirmLabel = t(`steps.${name}.confirm`)
    const reason = needsReason ? await askReason({ title, body, confirmLabel, dangerous: name === 'cancel' }) : ''
    if (reason === undefined) return
    const acknowledgedOpen = name === 'end' && open > 0 ? open : null
    const run = async (pin: string): Promise<void> => {
      const { entitlements } = await api.programmes.cycles.move.run({
        cycleId: cycle.id,
        move: name,
        reason,
        pin,
        acknowledgedOpen,
      })
      setLeftOut(entitlements?.leftOut ?? {})
      notifyDone(t(`steps.${name}.done`))
    }
    if (needsPin) {
      setFault(undefined)
      await askPin({ title, body, confirmLabel, run })
    } else if (needsReason || (await confirm({ title, body, confirmLabel }))) await attempt(() => run(''))
  }

  const offered = cycleMoveNames.filter((name) => (cycleMoves[name].from as readonly string[]).includes(cycle.state))
  const mine = offered.filter((name) => cycleMoves[name].roles.some((role) => roles.includes(role)))
  const main = mainMove(cycle.state)
  const others = !may || main === undefined || mine.includes(main) ? undefined : cycleMoves[main].roles
  const refusalOf = (name: CycleMove): string | undefined => {
    if (name === 'approve' && isMaker) return codeSentence(t, 'cycle.maker')
    const refusal = findCycleRefusal(name, cycle, facts, { fund, currency }, name === 'end' ? open : null)
    return refusal && codeSentence(t, refusal.code, refusal.params)
  }
  const canGenerate = mayGenerate && openForEntitlements.includes(cycle.state)
  const unprepared = cycle.state === 'approved' && facts.granted > 0
  return (
    <Section title={t('steps.title')}>
      <Stack>
        {place >= 0 && (
          <Stepper
            active={cycle.state === 'ended' ? way.length : place}
            size="sm"
            iconSize={28}
            allowNextStepsSelect={false}
          >
            {way.map((state) => (
              <Stepper.Step key={state} label={t(`states:cycle.${state}`)} />
            ))}
          </Stepper>
        )}
        <Text>{t(`next.${nextOf(view)}`)}</Text>
        {others && (
          <Text c="dimmed">
            {t('steps.othersTurn', { roles: format.list(others.map((role) => t(`common:roles.${role}`))) })}
          </Text>
        )}
        <Group gap="xs">
          {canGenerate && (
            <>
              <Button
                variant={
                  facts.drafts + facts.pending + facts.granted === 0 || cycle.generationUnfinished
                    ? 'filled'
                    : 'default'
                }
                disabled={busy}
                onClick={() => void generate('rule')}
              >
                {t('generation.rule')}
              </Button>
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} />}
                disabled={busy}
                onClick={() => void importList()}
              >
                {t('lists.entitlements.title')}
              </Button>
              {cycle.sequence > 1 && (
                <Button variant="default" disabled={busy} onClick={() => void generate('previous')}>
                  {t('generation.previous')}
                </Button>
              )}
            </>
          )}
          {unprepared && mayGenerate && (
            <Button component={Link} to={`/batches/prepare/${cycle.id}`} leftSection={<IconSend size={16} />}>
              {t('steps.prepare')}
            </Button>
          )}
          {mine.map((name) => {
            const refusal = refusalOf(name)
            const button = (
              <Button
                key={name}
                variant={name === main && refusal === undefined && !unprepared ? 'filled' : 'default'}
                disabled={busy}
                aria-disabled={refusal !== undefined}
                {...(refusal === undefined ? {} : { 'data-disabled': true })}
                data-move={name}
                {...(name === 'cancel' ? { c: 'brick' } : {})}
                onClick={() => refusal === undefined && void move(name)}
              >
                {t(`steps.${name}.confirm`)}
              </Button>
            )
            return refusal === undefined ? (
              button
            ) : (
              <Tooltip key={name} label={refusal} multiline maw={360}>
                {button}
              </Tooltip>
            )
          })}
        </Group>
        <LeftOut leftOut={leftOut} onClose={() => setLeftOut({})} />
        {fault && <FaultMessage fault={fault} />}
      </Stack>
    </Section>
  )
}

/** The move by which a cycle goes on. */
function mainMove(state: CycleState): CycleMove | undefined {
  const forward: Partial<Record<CycleState, CycleMove>> = {
    draft: 'submit',
    to_approve: 'approve',
    approved: 'distribute',
    distributed: 'end',
  }
  return forward[state]
}

/** Which sentence says what is next. */
function nextOf({ cycle, facts }: CycleView): string {
  if (cycle.generationUnfinished) return 'unfinished'
  if (cycle.state === 'draft') return facts.drafts + facts.pending + facts.granted === 0 ? 'empty' : 'draft'
  if (cycle.state === 'approved') {
    if (facts.drafts + facts.pending > 0) return 'late'
    if (facts.payments === 0) return 'prepare'
    return facts.notSent > 0 ? 'send' : facts.open > 0 ? 'follow' : 'close'
  }
  if (cycle.state === 'distributed') return facts.open > 0 ? 'follow' : 'close'
  return cycle.state
}
