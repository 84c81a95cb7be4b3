import { Group, Radio, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { Wizard, type WizardStep } from '../../components/wizard.tsx'
import { useMay } from '../../state/session.ts'
import { type Connector, connectorKinds, type Preset } from './answers.ts'
import { newDraft, partOf, partsOf } from './connector-draft.ts'
import { partSheets } from './connector-parts.tsx'
import { ConnectorSummary } from './connector-summary.tsx'
import classes from './tokens.module.css'
import { TrialSection } from './trial-section.tsx'
import { useConnectorDraft } from './use-connector-draft.ts'
import { useSaveConnector } from './use-save-connector.ts'
import { WrongList } from './wrong-list.tsx'

/** Sets a connector up, step by step, from settings that work. */
export function NewConnector() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const may = useMay('administrator')
  const presets = useQuery(api.tokenisation.connectors.presets.queryOptions(undefined))
  const known = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds: connectorKinds }))
  if (!may) return <Navigate to="/tokens/connectors" replace />
  return (
    <Screen>
      <PageHeader
        title={t('connectors.new')}
        subtitle={t('connectors.newMeaning')}
        back={{ to: '/tokens/connectors', label: t('tabs.connectors') }}
      />
      <Answer query={presets}>
        {({ presets: all }) => (
          <Answer query={known}>
            {(connectors) => {
              const [first] = all
              return first && <Steps presets={all} first={first} known={connectors} />
            }}
          </Answer>
        )}
      </Answer>
    </Screen>
  )
}

interface StepsProps {
  presets: readonly Preset[]
  first: Preset
  known: readonly Connector[]
}

function Steps({ presets, first, known }: StepsProps) {
  const { t } = useTranslation('tokenisation')
  const navigate = useNavigate()
  const save = useSaveConnector()
  const [preset, setPreset] = useState(first.name)
  const [current, setCurrent] = useState(0)
  const [busy, setBusy] = useState(false)
  const part = useConnectorDraft(null, newDraft(first.settings, known), false)
  const { draft, findings, findNow, fault, password, showAll, reset } = part
  const errors = findings.filter(({ weight }) => weight === 'error')
  const parts = partsOf(draft.kind)
  const choose = (name: string): void => {
    const chosen = presets.find((one) => one.name === name)
    if (chosen === undefined) return
    setPreset(name)
    // What was typed stays where the new beginning does not say otherwise.
    reset({ ...newDraft(chosen.settings, known), name: draft.name })
  }
  /** Nobody goes on from what has not been checked as it stands. */
  const isGood = async (path: (of: string) => boolean): Promise<boolean> => {
    const wrong = (await findNow()).some((one) => one.weight === 'error' && path(one.path))
    if (wrong) showAll()
    return !wrong
  }
  const busily = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(false)
    }
  }
  const go = async (to: number): Promise<void> => {
    const here = parts[current - 1]
    if (to < current || here === undefined || (await isGood((path) => partOf(path) === here))) setCurrent(to)
  }
  const finish = async (): Promise<void> => {
    if (!(await isGood(() => true))) return
    const saved = await save({ id: null, basedOn: null, settings: draft, runsHere: true, password })
    if (saved) await navigate(`/tokens/connectors/${saved.id}`, { replace: true })
  }
  const steps: WizardStep[] = [
    {
      key: 'preset',
      label: t('steps.preset'),
      content: (
        <Section title={t('presets.title')} description={t('presets.meaning')}>
          <Radio.Group aria-label={t('presets.title')} value={preset} onChange={choose}>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {presets.map(({ name }) => (
                <Radio.Card key={name} value={name} className={classes.preset ?? ''} data-preset={name}>
                  <Group wrap="nowrap" gap="sm" align="flex-start">
                    <Radio.Indicator mt={3} />
                    <div>
                      <Text fw={600}>{t(`presets.${name}.title`)}</Text>
                      <Text size="sm" c="dimmed">
                        {t(`presets.${name}.meaning`)}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
        </Section>
      ),
    },
    ...parts.map((name): WizardStep => {
      const Sheet = partSheets[name]
      return { key: name, label: t(`steps.${name}`), content: <Sheet {...part} /> }
    }),
    {
      key: 'check',
      label: t('steps.check'),
      content: (
        <Stack>
          <WrongList findings={errors} title={t('connectors.wrong')} />
          <Section title={t('summary.title')}>
            <ConnectorSummary settings={draft} />
          </Section>
          {draft.kind === 'registry' && <TrialSection settings={draft} />}
        </Stack>
      ),
    },
  ]
  return (
    <>
      {fault && <FaultMessage fault={fault} />}
      <Wizard
        steps={steps}
        current={current}
        onStep={(to) => void busily(() => go(to))}
        finishLabel={t('connectors.create')}
        onFinish={() => void busily(finish)}
        busy={busy}
        onCancel={() => void navigate('/tokens/connectors')}
      />
    </>
  )
}
