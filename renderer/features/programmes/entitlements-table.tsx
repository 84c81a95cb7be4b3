import { Button, Group, Menu, Select, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconListDetails } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PaymentState } from '../../../shared/model/payment.ts'
import { EntitlementState } from '../../../shared/model/programme.ts'
import { findCurrencyDigits } from '../../../shared/rules/currency.ts'
import { canMoveEntitlement, type EntitlementMove, entitlementMoves } from '../../../shared/rules/entitlement-life.ts'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { nothingSelected, type Selection, selectedCount } from '../../components/data-table/selection.ts'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { noFilter, useListFilter } from '../../components/filter/list-filter.tsx'
import { Money } from '../../components/money.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { Person } from '../../components/person.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { StateBadge, useStateWord } from '../../components/state-badge.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useRoles } from '../../state/session.ts'
import type { CycleView, EntitlementRow } from './answers.ts'
import { useAskReason } from './ask-reason.tsx'
import { EntitlementDialog } from './entitlement-dialog.tsx'
import { LeftOut } from './left-out.tsx'

const moves = Object.keys(entitlementMoves) as EntitlementMove[]
const TABLE_HEIGHT = 520
const KINDS = ['entitlement', 'payment', 'registrant', 'enrolment']

/** Who is entitled to what in a cycle, and how far each payment is. */
export function EntitlementsTable({ view, busy }: { view: CycleView; busy: boolean }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const format = useFormat()
  const word = useStateWord()
  const show = useDialog()
  const confirm = useConfirm()
  const askReason = useAskReason()
  const askPin = useAskPin()
  const roles = useRoles()
  const { cycle, currency } = view
  const [search, setSearch] = useState('')
  const [state, setState] = useState<EntitlementState | null>(null)
  const [paymentState, setPaymentState] = useState<PaymentState | 'none' | null>(null)
  const [filter, setFilter] = useState(noFilter)
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const [leftOut, setLeftOut] = useState<Readonly<Record<string, number>>>({})
  const listing = useMemo(
    () => ({
      states: state === null ? [] : [state],
      paymentStates: paymentState === null ? [] : [paymentState],
      search,
      filter,
    }),
    [state, paymentState, search, filter],
  )
  const schema = useMemo(() => filterSchemas(findCurrencyDigits(currency) ?? 2).entitlement, [currency])
  const listFilter = useListFilter({
    schema,
    filter,
    onFilter: (text) => {
      setSelection(nothingSelected)
      setFilter(text)
    },
  })
  const source = useMemo<RowSource<EntitlementRow>>(
    () => ({
      queryKey: ['entitlements', cycle.id, listing],
      kinds: KINDS,
      fetchPage: ({ offset, limit }, signal) =>
        api.programmes.entitlements.page.ask({ cycleId: cycle.id, ...listing, offset, limit }, signal),
    }),
    [api, cycle.id, listing],
  )
  const totals = useQuery(
    api.programmes.entitlements.page.queryOptions(
      { cycleId: cycle.id, ...listing, offset: 0, limit: 1 },
      { kinds: KINDS, keepPrevious: true },
    ),
  )
  const shown = totals.data ?? { total: 0, sum: 0 }
  const columns = useMemo<Column<EntitlementRow>[]>(
    () => [
      {
        key: 'name',
        header: t('fields.registrant'),
        width: 220,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ name, registryNumber }) => <Person name={name} detail={registryNumber} />,
      },
      {
        key: 'code',
        header: t('fields.code'),
        width: 100,
        hiddenAtFirst: true,
        render: ({ code }) => <bdi>{code}</bdi>,
      },
      {
        key: 'amount',
        header: t('fields.amount'),
        width: 130,
        align: 'end',
        render: ({ amount }) => <Money minor={amount} currency={currency} />,
      },
      {
        key: 'state',
        header: t('fields.entitlement'),
        width: 170,
        narrow: 'trailing',
        render: (row) => <StateBadge kind="entitlement" state={row.state} />,
      },
      {
        key: 'payment',
        header: t('fields.payment'),
        width: 190,
        render: ({ paymentState: paid }) =>
          paid === null ? (
            <Text c="dimmed">{t('entitlements.noPayment')}</Text>
          ) : (
            <StateBadge kind="payment" state={paid} />
          ),
      },
      {
        key: 'reason',
        header: t('fields.reason'),
        width: 220,
        render: ({ reason, paymentReason }) => (
          <bdi>{paymentReason ? codeSentence(t, paymentReason) : reason && codeSentence(t, reason)}</bdi>
        ),
      },
    ],
    [t, currency],
  )
  const offered = moves.filter(
    (name) =>
      entitlementMoves[name].roles.some((role) => roles.includes(role)) &&
      entitlementMoves[name].from.some((from) => canMoveEntitlement(from, cycle.state, name)),
  )
  const run = async (name: EntitlementMove): Promise<void> => {
    const count = selectedCount(selection, shown.total)
    const { needsReason, isDecision } = entitlementMoves[name]
    const title = t(`entitlementMoves.${name}.title`)
    const body = t(`entitlementMoves.${name}.body`, { number: format.number(count) })
    const confirmLabel = t(`entitlementMoves.${name}.confirm`)
    const reason = needsReason ? await askReason({ title, body, confirmLabel, dangerous: true }) : ''
    if (reason === undefined) return
    const choice =
      selection.mode === 'some' ? { ids: [...selection.ids] } : { ...listing, except: [...selection.except] }
    const deed = async (pin: string): Promise<void> => {
      const outcome = await api.programmes.entitlements.move.run({ cycleId: cycle.id, move: name, reason, pin, choice })
      setLeftOut(outcome.leftOut)
      setSelection(nothingSelected)
      notifyDone(
        t('entitlementMoves.done', {
          number: format.number(outcome.done),
          sum: format.money(outcome.sum, currency),
        }),
      )
    }
    try {
      if (isDecision) await askPin({ title, body, confirmLabel, run: deed })
      else if (needsReason || (await confirm({ title, body, confirmLabel }))) await deed('')
    } catch (error) {
      notifyFault(error)
    }
  }
  const open = ({ id }: EntitlementRow, row: EntitlementRow): void =>
    void show((close) => <EntitlementDialog key={id} row={row} cycle={cycle} currency={currency} onClose={close} />)
  const choose = (set: () => void): void => {
    setSelection(nothingSelected)
    set()
  }
  return (
    <Stack gap="sm">
      <LeftOut leftOut={leftOut} onClose={() => setLeftOut({})} />
      {listFilter.field}
      <DataTable
        id="entitlements"
        label={t('tabs.entitlements')}
        columns={columns}
        source={source}
        rowId={({ id }) => id}
        rowHeight={52}
        height={TABLE_HEIGHT}
        onOpen={(row) => open(row, row)}
        {...(offered.length > 0 ? { selection, onSelectionChange: setSelection } : {})}
        toolbar={
          <Group gap="xs">
            <SearchField value={search} onSearch={setSearch} label={t('enrolment.search')} width={240} />
            <Select
              aria-label={t('fields.entitlement')}
              placeholder={t('entitlements.allStates')}
              value={state}
              onChange={(chosen) =>
                choose(() => setState(EntitlementState.options.find((one) => one === chosen) ?? null))
              }
              data={EntitlementState.options
                .filter((one) => one === state || view.entitlements.some((total) => total.state === one))
                .map((one) => ({ value: one, label: word('entitlement', one) }))}
              clearable
              w={190}
            />
            <Select
              aria-label={t('fields.payment')}
              placeholder={t('entitlements.allPayments')}
              value={paymentState}
              onChange={(chosen) =>
                choose(() =>
                  setPaymentState(
                    chosen === 'none' ? 'none' : (PaymentState.options.find((one) => one === chosen) ?? null),
                  ),
                )
              }
              data={[
                { value: 'none', label: t('entitlements.noPayment') },
                ...view.payments.map(({ state: one }) => ({ value: one, label: word('payment', one) })),
              ]}
              clearable
              w={190}
            />
            {listFilter.toggle}
            <Text c="dimmed" className="office-figures">
              {t('entitlements.sum', { sum: format.money(shown.sum, currency) })}
            </Text>
          </Group>
        }
        selectionActions={
          <Group gap="xs">
            {offered.slice(0, 2).map((name) => (
              <Button key={name} size="compact-md" variant="light" disabled={busy} onClick={() => void run(name)}>
                {t(`entitlementMoves.${name}.confirm`)}
              </Button>
            ))}
            {offered.length > 2 && (
              <Menu>
                <Menu.Target>
                  <Button
                    size="compact-md"
                    variant="light"
                    disabled={busy}
                    rightSection={<IconChevronDown size={14} />}
                  >
                    {t('entitlements.more')}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {offered.slice(2).map((name) => (
                    <Menu.Item key={name} onClick={() => void run(name)}>
                      {t(`entitlementMoves.${name}.confirm`)}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
          </Group>
        }
        empty={
          search === '' && state === null && paymentState === null && filter === noFilter ? (
            <EmptyState
              icon={IconListDetails}
              title={t('entitlements.empty')}
              description={t('entitlements.emptyMeaning')}
            />
          ) : (
            <EmptyState icon={IconListDetails} title={t('enrolment.noneFound')} />
          )
        }
      />
    </Stack>
  )
}
