import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '../../../renderer/theme/page.css'
import '../../../renderer/theme/print.css'
import { Button, DirectionProvider, Group, MantineProvider, SimpleGrid, Stack } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createMemoryRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { OfficeFault } from '../../../renderer/api/office-fault.ts'
import { createQueryClient } from '../../../renderer/api/query-client.ts'
import { Chart } from '../../../renderer/components/chart.tsx'
import { useConfirm } from '../../../renderer/components/confirm-dialog.tsx'
import { CopyText } from '../../../renderer/components/copy-text.tsx'
import type { Column, PageRequest } from '../../../renderer/components/data-table/columns.ts'
import { DataTable } from '../../../renderer/components/data-table/data-table.tsx'
import { nothingSelected, type Selection } from '../../../renderer/components/data-table/selection.ts'
import { DialogsProvider } from '../../../renderer/components/dialogs.tsx'
import { FactList } from '../../../renderer/components/fact-list.tsx'
import { FaultMessage } from '../../../renderer/components/fault-message.tsx'
import { FileDrop } from '../../../renderer/components/file-drop.tsx'
import { MaskedValue } from '../../../renderer/components/masked-value.tsx'
import { MomentText } from '../../../renderer/components/moment-text.tsx'
import { Money } from '../../../renderer/components/money.tsx'
import { notifyDone, notifyUndo } from '../../../renderer/components/notify.tsx'
import { PageHeader } from '../../../renderer/components/page-header.tsx'
import { Person } from '../../../renderer/components/person.tsx'
import { useAskPin } from '../../../renderer/components/pin-dialog.tsx'
import { ProgressPanel } from '../../../renderer/components/progress-panel.tsx'
import { Screen } from '../../../renderer/components/screen.tsx'
import { SearchField } from '../../../renderer/components/search-field.tsx'
import { Section } from '../../../renderer/components/section.tsx'
import { KeyboardShortcuts } from '../../../renderer/components/shortcuts.tsx'
import { StatCard } from '../../../renderer/components/stat-card.tsx'
import { StateBadge } from '../../../renderer/components/state-badge.tsx'
import { Wizard } from '../../../renderer/components/wizard.tsx'
import { directionOf, startLanguages } from '../../../renderer/i18n/start.ts'
import { setCoreUp } from '../../../renderer/state/connectivity.ts'
import { usePreferences } from '../../../renderer/state/preferences.ts'
import { setSession } from '../../../renderer/state/session.ts'
import { cssVariables, theme } from '../../../renderer/theme/theme.ts'
import { PaymentState } from '../../../shared/model/payment.ts'

/* Every piece of the kit on one page, over made-up rows: for looking at, and for the browser tests of the kit. */

interface Row {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly area: string
  readonly amount: number
  readonly state: PaymentState
}

const names = [
  'Almaz Bekele',
  'سمير حداد',
  'Chidi Okafor',
  'ዓለምነሽ ተስፋዬ',
  'María Quispe',
  'Li Wei',
  'Fatima Zahra El Idrissi',
]
const areas = ['North', 'Lakeside', 'Old Market', 'Hill Farms']
const states = PaymentState.options

function made(number: number): Row {
  return {
    id: `person-${number}`,
    number,
    name: `${names[number % names.length]} ${number + 1}`,
    area: areas[number % areas.length] ?? '',
    amount: 25_000 + ((number * 7_919) % 90_000),
    state: states[number % states.length] ?? 'prepared',
  }
}

/** A list of so many rows that answers after a moment; `nobody` finds none, `broken` fails. */
async function fetchRows(search: string, { offset, limit, sort }: PageRequest<Row>) {
  await new Promise((resolve) => setTimeout(resolve, 20))
  if (search === 'broken') throw new OfficeFault({ code: 'store.damaged', params: {} })
  const total = search === 'nobody' ? 0 : search === '' ? 200_000 : 37
  const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) =>
    made(sort?.direction === 'desc' ? total - 1 - offset - index : offset + index),
  )
  return { rows, total }
}

const columns: readonly Column<Row>[] = [
  {
    key: 'name',
    header: 'Name',
    width: 200,
    grow: 3,
    fixed: true,
    sortable: true,
    narrow: 'title',
    render: ({ name, number }) => <Person name={name} detail={`RG-${number}`} />,
  },
  { key: 'area', header: 'Area', width: 120, sortable: true, render: ({ area }) => area },
  {
    key: 'amount',
    header: 'Amount',
    width: 130,
    align: 'end',
    render: ({ amount }) => <Money minor={amount} currency="ETB" />,
  },
  {
    key: 'state',
    header: 'State',
    width: 220,
    narrow: 'trailing',
    render: ({ state }) => <StateBadge kind="payment" state={state} />,
  },
  { key: 'number', header: 'Number', width: 100, hiddenAtFirst: true, render: ({ number }) => number },
]

function TablePage() {
  const [search, setSearch] = useState('')
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const [opened, setOpened] = useState('')
  const source = useMemo(
    () => ({
      queryKey: ['kit', search],
      kinds: ['registrant'],
      fetchPage: (request: PageRequest<Row>) => fetchRows(search, request),
    }),
    [search],
  )
  return (
    <div style={{ height: '100dvh' }}>
      <Screen layout="full">
        <PageHeader
          title="Registrants"
          subtitle={<span data-opened>{opened}</span>}
          actions={<Button>Import</Button>}
        />
        <DataTable
          id="kit"
          label="Registrants"
          columns={columns}
          source={source}
          rowId={({ id }) => id}
          rowHeight={48}
          onOpen={({ id }) => setOpened(id)}
          selection={selection}
          onSelectionChange={setSelection}
          toolbar={<SearchField value={search} onSearch={setSearch} label="Search by name" />}
          selectionActions={<Button size="compact-sm">Enrol</Button>}
        />
      </Screen>
    </div>
  )
}

function PiecesPage() {
  const confirm = useConfirm()
  const askPin = useAskPin()
  const [step, setStep] = useState(0)
  const [said, setSaid] = useState('')
  const chart = states.slice(0, 6).map((state, index) => ({
    label: state,
    value: 1_200 - index * 170,
    colour: ['gray', 'slate', 'spruce', 'moss', 'ochre', 'brick'][index] ?? 'gray',
  }))
  return (
    <Screen>
      <PageHeader
        title="Pieces"
        back={{ to: '/', label: 'Home' }}
        badges={<StateBadge kind="batch" state="submitted" />}
      />
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <StatCard label="Paid" value="4,812" detail="of 5,000" tone="good" />
          <StatCard label="Needs attention" value="12" tone="attention" to="/x" />
          <StatCard label="Came back" value="176" tone="bad" />
          <StatCard label="On its way" value={undefined} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Section title="Payments by state">
            <Chart kind="donut" title="Payments by state" items={chart} />
          </Section>
          <Section title="Amounts by cycle">
            <Chart kind="bar" title="Amounts by cycle" items={chart} />
          </Section>
        </SimpleGrid>
        <Group>
          {states.map((state) => (
            <StateBadge key={state} kind="payment" state={state} />
          ))}
        </Group>
        <Section title="Facts">
          <FactList
            facts={[
              {
                name: 'Account',
                value: <MaskedValue hint="•••• 4821" name="account number" onReveal={async () => '1000 2233 4821'} />,
              },
              { name: 'Amount', value: <Money minor={125_050} currency="ETB" /> },
              { name: 'Reference', value: <CopyText value="4b0e5d53-9c1f-1f2c-8a7b-9e5500112233" /> },
              { name: 'Changed', value: <MomentText at={Date.now() - 300_000} /> },
              { name: 'Ended', value: '' },
            ]}
          />
        </Section>
        <FaultMessage fault={{ code: 'store.changed-meanwhile', params: {} }} />
        <FaultMessage fault={{ code: 'http.line-down', params: {} }} />
        <FaultMessage fault={{ code: 'api.unexpected', params: {} }} />
        <ProgressPanel
          title="Importing registrants"
          done={3_120}
          total={5_000}
          onCancel={() => setSaid('cancelled')}
          canBeLeft
        />
        <Group>
          <Button
            onClick={() =>
              void confirm({
                title: 'Exit 12 registrants?',
                body: 'They are not paid from now on.',
                confirmLabel: 'Exit 12 registrants',
                dangerous: true,
              }).then((yes) => setSaid(`confirmed ${yes}`))
            }
          >
            Ask
          </Button>
          <Button
            onClick={() =>
              void askPin({
                title: 'Approve batch 7',
                body: '480 payments, ETB 120,000.00',
                confirmLabel: 'Approve',
                run: async (pin) => {
                  if (pin !== '2468') throw new OfficeFault({ code: 'identity.wrong-pin', params: {} })
                  return 'signed'
                },
              }).then((outcome) => setSaid(outcome?.value ?? 'went back'))
            }
          >
            Ask PIN
          </Button>
          <Button onClick={() => notifyDone('480 payments prepared.')}>Notify</Button>
          <Button onClick={() => notifyUndo('12 registrants removed.', async () => setSaid('undone'))}>Remove</Button>
          <output>{said}</output>
        </Group>
        <FileDrop
          label="A CSV or XLSX file with one row per person"
          endings={['.csv', '.xlsx']}
          limit={50_000_000}
          onFile={({ name }) => setSaid(name)}
        />
        <Section title="Wizard">
          <Wizard
            current={step}
            onStep={setStep}
            finishLabel="Import"
            onFinish={() => setSaid('finished')}
            steps={[
              { key: 'file', label: 'File', content: 'One' },
              { key: 'columns', label: 'Columns', content: 'Two' },
              { key: 'check', label: 'Check', content: 'Three' },
            ]}
          />
        </Section>
      </Stack>
    </Screen>
  )
}

const wanted = new URLSearchParams(location.search)
usePreferences.setState({
  language: wanted.get('language') === 'ar' ? 'ar' : 'en',
  colourScheme: wanted.get('scheme') === 'dark' ? 'dark' : 'light',
  tables: {},
})
await startLanguages()
setCoreUp(true)
setSession({ officer: { id: 'o1', name: 'Samir Haddad', login: 'samir', roles: ['clerk'] }, officeName: 'Kit' })
const { language, colourScheme } = usePreferences.getState()
const router = createMemoryRouter([
  {
    path: '*',
    element: (
      <DialogsProvider>
        {wanted.get('page') === 'pieces' ? <PiecesPage /> : <TablePage />}
        <KeyboardShortcuts />
      </DialogsProvider>
    ),
  },
])
createRoot(document.getElementById('office') as HTMLElement).render(
  <DirectionProvider initialDirection={directionOf(language)}>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={colourScheme === 'dark' ? 'dark' : 'light'}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </DirectionProvider>,
)
