import { Anchor, Badge, Button, Checkbox, Group, SegmentedControl, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { ConsentDialog } from '../../components/consent/consent-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Section } from '../../components/section.tsx'
import { TurnIntoTokens } from '../../components/tokens/turn-into-tokens.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type ConsentRow, peopleKinds } from './answers.ts'
import { MoreRows } from './more-rows.tsx'
import classes from './tokens.module.css'
import { usePages } from './use-pages.ts'

const states = ['none', 'given', 'withdrawn', 'any'] as const
type State = (typeof states)[number]
const PAGE = 100

/** Who lets the office ask for the token, among people who have a VID or a token. */
export function ConsentsTab() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const ask = useDialog()
  const format = useFormat()
  const mayEdit = useMay('clerk')
  const [state, setState] = useState<State>('none')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const input = { state, limit: PAGE }
  const pages = usePages(['tokens.consents', input], peopleKinds, (after, signal) =>
    api.tokenisation.consents.list.ask({ ...input, after }, signal),
  )
  const show = (next: State): void => {
    setState(next)
    setChosen(new Set())
  }
  const rows = pages.data?.rows ?? []
  const ids = rows.map(({ registrantId }) => registrantId).filter((id) => chosen.has(id))
  const write = async (given: boolean): Promise<void> => {
    await ask((close) => <ConsentDialog registrantIds={ids} given={given} onClose={() => close()} />)
    setChosen(new Set())
  }
  const choose = (id: string, on: boolean): void => {
    const next = new Set(chosen)
    if (on) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  return (
    <Section
      title={t('consents.title')}
      description={t('consents.meaning')}
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('consents.shown')}
          value={state}
          onChange={(next) => show(states.find((one) => one === next) ?? 'none')}
          data={states.map((one) => ({ value: one, label: t(`consents.states.${one}`) }))}
        />
      }
    >
      <Answer query={pages}>
        {({ total }) =>
          rows.length === 0 ? (
            <EmptyState
              icon={IconMoodSmile}
              title={t(`consents.nobody.${state}`)}
              description={t('consents.nobodyMeaning')}
            />
          ) : (
            <>
              {mayEdit && (
                <div className={classes.row}>
                  <Checkbox
                    label={
                      ids.length === 0
                        ? t('consents.chooseAll', { number: format.number(rows.length) })
                        : t('common:table.selected', { count: ids.length, number: format.number(ids.length) })
                    }
                    checked={ids.length === rows.length}
                    indeterminate={ids.length > 0 && ids.length < rows.length}
                    onChange={(event) =>
                      setChosen(new Set(event.currentTarget.checked ? rows.map((row) => row.registrantId) : []))
                    }
                  />
                  <div className={classes.deeds}>
                    <Button size="xs" disabled={ids.length === 0} onClick={() => void write(true)}>
                      {t('consent.giveDeed')}
                    </Button>
                    <Button size="xs" variant="default" disabled={ids.length === 0} onClick={() => void write(false)}>
                      {t('consent.withdrawDeed')}
                    </Button>
                    <TurnIntoTokens disabled={ids.length === 0} chosen={() => ids} />
                  </div>
                </div>
              )}
              <ul className={classes.list}>
                {rows.map((row) => (
                  <li key={row.ref} className={classes.row} data-person={row.registrantId}>
                    <Group gap="sm" wrap="nowrap" className={classes.words}>
                      {mayEdit && (
                        <Checkbox
                          aria-label={t('consents.choose', { name: row.name })}
                          checked={chosen.has(row.registrantId)}
                          onChange={(event) => choose(row.registrantId, event.currentTarget.checked)}
                        />
                      )}
                      <div>
                        <Anchor component={Link} to={`/registrants/${row.registrantId}`} fw={600}>
                          <bdi>{row.name}</bdi>
                        </Anchor>
                        <Text size="sm" c="dimmed">
                          {[row.registryNumber, row.area].filter(Boolean).join(' · ')}
                        </Text>
                      </div>
                    </Group>
                    <Standing row={row} />
                  </li>
                ))}
              </ul>
              <MoreRows shown={rows.length} total={total} more={pages.more} busy={pages.loadingMore} />
            </>
          )
        }
      </Answer>
    </Section>
  )
}

function Standing({ row }: { row: ConsentRow }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { given, on, how, hasVid, hasToken } = row
  return (
    <Group gap="xs">
      {on !== null && how !== null && (
        <Text size="sm" c="dimmed">
          {format.day(on)} · {t(`consent.ways.${how}`)}
        </Text>
      )}
      <Badge variant="light" tt="none" color={given === null ? 'gray' : given ? 'moss' : 'ochre'}>
        {t(given === null ? 'consents.notAsked' : given ? 'consents.given' : 'consents.withdrawn')}
      </Badge>
      {hasToken && (
        <Badge variant="light" tt="none" color="moss">
          {t('consents.hasToken')}
        </Badge>
      )}
      {hasVid && (
        <Badge variant="default" tt="none">
          {t('consents.hasVid')}
        </Badge>
      )}
    </Group>
  )
}
