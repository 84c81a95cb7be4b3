import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PreviewedSubmission } from '../../../shared/contract/odk.ts'
import { useApi } from '../../api/provider.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { useFactValue } from '../../components/fact-table.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { askingOf } from './odk-asking.ts'
import { saidFacts } from './submitted-facts.ts'
import classes from './tokens.module.css'
import type { ConnectorPart } from './use-connector-draft.ts'

/** The newest submissions as the mapping reads them, and what would become of them; nothing is taken in. */
export function FormPreview({ enabled, ...part }: ConnectorPart & { enabled: boolean }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const look = useMutation({
    mutationFn: () => api.odk.preview.ask({ ...askingOf(part), vidType: part.draft.vidType }),
  })
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconEye size={14} />}
          loading={look.isPending}
          disabled={!enabled}
          onClick={() => look.mutate()}
        >
          {t('preview.look')}
        </Button>
        <Text size="sm" c="dimmed">
          {t(enabled ? 'preview.meaning' : 'preview.needsForm')}
        </Text>
      </Group>
      {look.error && <FaultMessage fault={look.error} />}
      {look.data?.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t('preview.none')}
        </Text>
      )}
      {look.data && look.data.length > 0 && (
        <div className={classes.pair}>
          {look.data.map((submission) => (
            <Read key={submission.submittedAt + submission.vidHint} submission={submission} />
          ))}
        </div>
      )}
    </Stack>
  )
}

const verdictColours = { new: 'spruce', known: 'moss', doubtful: 'ochre' } as const

function Read({ submission }: { submission: PreviewedSubmission }) {
  const { t } = useTranslation('tokenisation')
  const factValue = useFactValue()
  const { submittedAt, facts, vidHint, consent, problems, verdict, knownName } = submission
  return (
    <div className={classes.side}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Badge variant="light" tt="none" color={verdictColours[verdict]}>
          {t(`preview.verdicts.${verdict}`)}
        </Badge>
        <Text size="xs" c="dimmed">
          <MomentText at={Date.parse(submittedAt)} />
        </Text>
      </Group>
      {knownName !== '' && (
        <Text size="sm">
          {t('preview.known')} <bdi>{knownName}</bdi>
        </Text>
      )}
      <FactList
        facts={[
          ...saidFacts(facts).map(({ field, value }) => ({
            name: t(`targets.${field}`),
            value: <bdi>{factValue(field, value)}</bdi>,
          })),
          { name: t('targets.vid'), value: vidHint === '' ? '' : <bdi>{vidHint}</bdi> },
          { name: t('targets.consent'), value: t(`preview.consents.${consent}`) },
        ]}
      />
      {problems.map(({ field, code, params }) => (
        <Text key={`${field} ${code}`} size="sm" c="brick">
          {t(`targets.${field}`)}: {codeSentence(t, code, params)}
        </Text>
      ))}
    </div>
  )
}
