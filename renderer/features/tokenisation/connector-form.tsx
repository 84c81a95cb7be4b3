import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FaultMessage } from '../../components/fault-message.tsx'
import type { Connector } from './answers.ts'
import { draftOf, partsOf } from './connector-draft.ts'
import { partSheets } from './connector-parts.tsx'
import classes from './tokens.module.css'
import { TrialSection } from './trial-section.tsx'
import { useConnectorDraft } from './use-connector-draft.ts'
import { useSaveConnector } from './use-save-connector.ts'
import { WrongList } from './wrong-list.tsx'

/** Every setting of a known connector; administrators change them, others look. */
export function ConnectorForm({ connector, onSaved }: { connector: Connector; onSaved: () => void }) {
  const { t } = useTranslation('tokenisation')
  const save = useSaveConnector()
  const before = draftOf(connector)
  const part = useConnectorDraft(connector.id, before, connector.hasPassword)
  const { draft, password, readOnly, findings, fault } = part
  const errors = findings.filter(({ weight }) => weight === 'error')
  const changed = JSON.stringify(draft) !== JSON.stringify(before) || password !== ''
  const submit = async (): Promise<void> => {
    const saved = await save({
      id: connector.id,
      basedOn: connector.changedAt,
      settings: draft,
      runsHere: connector.runsHere,
      password,
    })
    if (saved) onSaved()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <fieldset disabled={readOnly} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          {partsOf(draft.kind).map((name) => {
            const Sheet = partSheets[name]
            return <Sheet key={name} {...part} />
          })}
          {draft.kind === 'registry' && !readOnly && <TrialSection settings={draft} />}
        </Stack>
      </fieldset>
      {!readOnly && (
        <div className={classes.save}>
          <Stack gap="xs">
            {fault && <FaultMessage fault={fault} />}
            <WrongList findings={errors} title={t('connectors.wrong')} />
            <Group>
              <Button type="submit" disabled={!changed || errors.length > 0}>
                {t('connectors.save')}
              </Button>
              {!changed && <Text c="dimmed">{t('connectors.unchanged')}</Text>}
            </Group>
          </Stack>
        </div>
      )}
    </form>
  )
}
