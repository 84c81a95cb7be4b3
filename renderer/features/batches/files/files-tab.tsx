import { Alert, Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconDownload, IconFileImport, IconFileOff, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { CopyText } from '../../../components/copy-text.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { FactList } from '../../../components/fact-list.tsx'
import { MomentText } from '../../../components/moment-text.tsx'
import { notifyDone } from '../../../components/notify.tsx'
import { Section } from '../../../components/section.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useMay } from '../../../state/session.ts'
import type { BatchPage } from '../answers.ts'
import { partName } from '../part-name.ts'
import type { FilesPage } from './answers.ts'
import { type CopyTaken, isPaper, useTakeCopy } from './copy-dialog.tsx'
import { PaperCopy } from './paper-copy.tsx'
import { ResultsDialog } from './results-dialog.tsx'
import { WithdrawDialog } from './withdraw-dialog.tsx'

type FileView = FilesPage['files'][number]

/** The files of a batch: what was made, who took copies of it, and what came back. */
export function FilesTab({ page }: { page: BatchPage }) {
  const api = useApi()
  const { batch } = page
  const files = useQuery(
    api.files.view.queryOptions(
      { batchId: batch.id },
      { kinds: ['batch', 'payment', 'claim', 'transmission', 'delivery', 'fileDeed', 'paymentManager', 'said'] },
    ),
  )
  return <Answer query={files}>{(found) => <Files page={page} {...found} />}</Answer>
}

function Files({ page, files, results }: { page: BatchPage } & FilesPage) {
  const { t } = useTranslation('files')
  const show = useDialog()
  const may = useMay('clerk', 'approver')
  const takeCopy = useTakeCopy()
  const [paper, setPaper] = useState<CopyTaken>()
  const { batch } = page
  if (files.length === 0) {
    return <EmptyState icon={IconFileOff} title={t('none')} description={t('noneHint')} />
  }
  const take = async (file: FileView): Promise<void> => {
    const copy = await takeCopy(batch.id, file)
    if (copy !== undefined && isPaper(copy)) setPaper(copy)
  }
  const bring = (): void => {
    void show<number>((close) => <ResultsDialog batchId={batch.id} onClose={close} />).then((changed) => {
      if (changed !== undefined) notifyDone(t('results.taken', { count: changed }))
    })
  }
  const withdraw = (): void => {
    void show<number>((close) => <WithdrawDialog batchId={batch.id} onClose={close} />).then((count) => {
      if (count !== undefined) notifyDone(t('withdraw.done', { count }))
    })
  }
  return (
    <Stack>
      <Alert color="slate">{t('meaning')}</Alert>
      {may && (
        <Group>
          <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={bring}>
            {t('results.action')}
          </Button>
          {files.some(({ mayWithdraw }) => mayWithdraw) && (
            <Button variant="default" onClick={withdraw}>
              {t('withdraw.action')}
            </Button>
          )}
        </Group>
      )}
      {files.map((file) => (
        <FileSection key={file.part} file={file} page={page} {...(may ? { onTake: () => void take(file) } : {})} />
      ))}
      {results.length > 0 && <TakenResults results={results} officers={page.officers} />}
      {paper && <PaperCopy copy={paper} onDone={() => setPaper(undefined)} />}
    </Stack>
  )
}

interface FileSectionProps {
  file: FileView
  page: BatchPage
  onTake?: () => void
}

function FileSection({ file, page: { officers }, onTake }: FileSectionProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const onPaper = file.form === 'list' || file.form === 'vouchers'
  return (
    <Section
      title={t('part', { part: partName(file.part, format) })}
      description={t(`forms.${file.form}`)}
      actions={
        onTake && (
          <Button
            variant={file.lastCopy === 0 ? 'filled' : 'default'}
            leftSection={onPaper ? <IconPrinter size={16} aria-hidden /> : <IconDownload size={16} aria-hidden />}
            disabled={file.obstacle !== null}
            onClick={onTake}
          >
            {t(file.lastCopy === 0 ? 'copy.first' : 'copy.another')}
          </Button>
        )
      }
    >
      <FactList
        facts={[
          { name: t('facts.payments'), value: format.number(file.count) },
          { name: t('facts.name'), value: file.name === '' ? '—' : <bdi dir="ltr">{file.name}</bdi> },
          { name: t('facts.size'), value: file.size === null ? '—' : format.fileSize(file.size) },
          {
            name: t('facts.digest'),
            value: file.digest === '' ? '—' : <CopyText value={file.digest} />,
          },
        ]}
      />
      {file.withdrawn !== null ? (
        <Alert color="gray" mt="sm" title={t('withdraw.was')}>
          <bdi>{officers[file.withdrawn.officerId] ?? file.withdrawn.officerId}</bdi>,{' '}
          <MomentText at={file.withdrawn.moment} show="date" /> — <bdi>{file.withdrawn.reason}</bdi>
        </Alert>
      ) : (
        file.obstacle !== null && (
          <Text mt="sm" c="dimmed" role="status">
            {codeSentence(t, file.obstacle.code, file.obstacle.params)}
          </Text>
        )
      )}
      {file.copies.length === 0 ? (
        <Text mt="sm">{t(file.needsReason ? 'copy.maybe' : 'copy.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={420} mt="sm">
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('copy.number')}</Table.Th>
                <Table.Th>{t('copy.officer')}</Table.Th>
                <Table.Th>{t('copy.when')}</Table.Th>
                <Table.Th>{t('copy.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {file.copies.map(({ number, officerId, moment, reason }) => (
                <Table.Tr key={`${number} ${moment}`}>
                  <Table.Td className="office-figures">
                    <Badge variant="light" radius="sm" tt="none">
                      {format.number(number)}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <bdi>{officers[officerId] ?? officerId}</bdi>
                  </Table.Td>
                  <Table.Td>
                    <MomentText at={moment} show="date" />
                  </Table.Td>
                  <Table.Td>{reason === '' ? '—' : <bdi>{reason}</bdi>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  )
}

function TakenResults({
  results,
  officers,
}: {
  results: FilesPage['results']
  officers: Readonly<Record<string, string>>
}) {
  const { t } = useTranslation('files')
  const format = useFormat()
  return (
    <Section title={t('results.title')}>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('results.file')}</Table.Th>
              <Table.Th>{t('results.lines')}</Table.Th>
              <Table.Th>{t('results.changed')}</Table.Th>
              <Table.Th>{t('copy.officer')}</Table.Th>
              <Table.Th>{t('copy.when')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {results.map((one) => (
              <Table.Tr key={one.digest}>
                <Table.Td>
                  <bdi>{one.name}</bdi>
                </Table.Td>
                <Table.Td className="office-figures">{format.number(one.lines)}</Table.Td>
                <Table.Td className="office-figures">{format.number(one.changed)}</Table.Td>
                <Table.Td>
                  <bdi>{officers[one.officerId] ?? one.officerId}</bdi>
                </Table.Td>
                <Table.Td>
                  <MomentText at={one.moment} show="date" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  )
}
