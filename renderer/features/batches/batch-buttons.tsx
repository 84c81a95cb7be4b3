import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconCashBanknote, IconDots, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { HandOverItem } from '../../components/central/hand-over-item.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay, useRoles } from '../../state/session.ts'
import type { BatchPage } from './answers.ts'
import { type BatchAction, leads, mainAction, type OfferedAction, offeredActions } from './batch-actions.ts'
import { useBatchDeeds } from './batch-deeds.tsx'

const dangerous: ReadonlySet<BatchAction> = new Set<BatchAction>(['cancel'])

/** Ordered, and not stopped at what an earlier approval came to. */
const goesByItself = ({ job }: BatchPage): boolean => job !== null && job.state !== 'attention'

interface BatchButtonsProps {
  page: BatchPage
  onPrint: () => void
  /** What went wrong with an action; undefined when another begins. */
  onFault: (fault: unknown) => void
}

/** What can be done with the batch now: the next step as the main button, the rest in a menu. */
export function BatchButtons({ page, onPrint, onFault }: BatchButtonsProps) {
  const { t } = useTranslation('batches')
  const roles = useRoles()
  const may = useMay()
  const deeds = useBatchDeeds(page, onFault)
  const [busy, setBusy] = useState<BatchAction>()
  const counts = Object.fromEntries(page.totals.map(({ state, count }) => [state, count]))
  const offered = may ? offeredActions({ ...page.batch, ordered: goesByItself(page) }, counts, roles) : []
  const main = mainAction(offered) ?? offered.find(({ action, missing }) => missing.length > 0 && leads(action))?.action
  const others = offered.filter(({ action }) => action !== main)

  const run = (action: BatchAction): void => {
    setBusy(action)
    onFault(undefined)
    void deeds[action]().finally(() => setBusy(undefined))
  }
  const leading = offered.find(({ action, missing }) => action === main && missing.length === 0)
  useShortcut(
    {
      keys: 'mod+enter',
      label: leading ? t(`actions.${leading.action}`) : '',
      run: () => leading && run(leading.action),
    },
    leading !== undefined && busy === undefined,
  )

  return (
    <>
      {offered
        .filter(({ action }) => action === main)
        .map((one) => (
          <Missing key={one.action} offered={one}>
            <Button
              disabled={one.missing.length > 0}
              loading={busy === one.action}
              onClick={() => run(one.action)}
              {...(one.missing.length > 0 ? { 'data-disabled': true } : {})}
            >
              {t(`actions.${one.action}`)}
            </Button>
          </Missing>
        ))}
      {page.paidByHand && page.claimed !== null && (
        <Button
          component={Link}
          to={`/batches/${page.batch.id}/pay-table`}
          variant={main === undefined ? 'filled' : 'default'}
          leftSection={<IconCashBanknote size={16} />}
        >
          {t('actions.payTable')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('actions.more')}
            loading={busy !== undefined && busy !== main}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map((one) => (
            <Menu.Item
              key={one.action}
              disabled={one.missing.length > 0}
              {...(dangerous.has(one.action) ? { color: 'brick' } : {})}
              onClick={() => run(one.action)}
            >
              <MenuWords offered={one} />
            </Menu.Item>
          ))}
          <HandOverItem batch={page.batch} onDone={() => onFault(undefined)} />
          {others.length > 0 && <Menu.Divider />}
          <Menu.Item leftSection={<IconPrinter size={16} />} onClick={onPrint}>
            {t('print.action')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function useMissingWords(): (offered: OfferedAction) => string {
  const { t } = useTranslation('batches')
  const format = useFormat()
  return ({ missing }) =>
    t('actions.needsRole', { roles: format.list(missing.map((role) => t(`common:roles.${role}`))) })
}

function MenuWords({ offered }: { offered: OfferedAction }) {
  const { t } = useTranslation('batches')
  const words = useMissingWords()
  return (
    <>
      {t(`actions.${offered.action}`)}
      {offered.missing.length > 0 && <div style={{ fontSize: 'var(--mantine-font-size-xs)' }}>{words(offered)}</div>}
    </>
  )
}

/** Says who can do what this officer cannot. */
function Missing({ offered, children }: { offered: OfferedAction; children: React.ReactElement }) {
  const words = useMissingWords()
  return offered.missing.length === 0 ? children : <Tooltip label={words(offered)}>{children}</Tooltip>
}
