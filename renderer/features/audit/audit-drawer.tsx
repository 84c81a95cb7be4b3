import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { CopyText } from '../../components/copy-text.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { findPlaceOf } from '../../components/record-place.ts'
import { useFormat } from '../../i18n/format.ts'
import type { AuditEntryView } from './answers.ts'
import { actionWord, subjectWord } from './words.ts'

interface AuditDrawerProps {
  entry: AuditEntryView
  officer: string
  onClose: () => void
  /** Show everything that happened to this entry's record. */
  onFollow: () => void
}

/** One entry of the trail with everything it holds. */
export function AuditDrawer({ entry, officer, onClose, onFollow }: AuditDrawerProps) {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const detail = Object.entries(JSON.parse(entry.detail) as Record<string, unknown>)
  const place = findPlaceOf(entry.subjectKind, entry.subjectId)
  const short = (value: unknown): string => {
    if (typeof value === 'string') return value
    if (typeof value === 'number') return format.number(value)
    if (Array.isArray(value)) return value.length === 0 ? '—' : format.list(value.map(String))
    return JSON.stringify(value)
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text fw={640} size="lg">
          {actionWord(t, entry.action)}
        </Text>
      }
    >
      <Stack>
        <FactList
          facts={[
            { name: t('columns.position'), value: format.number(entry.position) },
            { name: t('columns.moment'), value: format.moment(entry.moment) },
            { name: t('columns.officer'), value: <bdi>{officer}</bdi> },
            { name: t('columns.subject'), value: subjectWord(t, entry.subjectKind) },
            { name: t('drawer.record'), value: <CopyText value={entry.subjectId} /> },
            { name: t('drawer.code'), value: <CopyText value={entry.action} /> },
          ]}
        />
        {detail.length > 0 && (
          <>
            <Text fw={600}>{t('drawer.detail')}</Text>
            <FactList
              facts={detail.map(([name, value]) => ({
                name: t(`details.${name}`, { defaultValue: name }),
                value: (
                  <Text span inherit style={{ overflowWrap: 'anywhere' }}>
                    <bdi>{short(value)}</bdi>
                  </Text>
                ),
              }))}
            />
          </>
        )}
        <Text fw={600}>{t('drawer.chain')}</Text>
        <FactList
          facts={[
            { name: t('drawer.previous'), value: <CopyText value={entry.previous} /> },
            { name: t('drawer.hash'), value: <CopyText value={entry.hash} /> },
          ]}
        />
        <Group>
          <Button variant="default" onClick={onFollow}>
            {t('drawer.follow')}
          </Button>
          {place !== undefined && (
            <Button component={Link} to={place}>
              {t('drawer.open')}
            </Button>
          )}
        </Group>
      </Stack>
    </Drawer>
  )
}
