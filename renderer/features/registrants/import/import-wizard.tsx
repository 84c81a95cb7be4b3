import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { missingTarget } from '../../../../shared/rules/import-columns.ts'
import { useApi } from '../../../api/provider.tsx'
import { useConfirm } from '../../../components/confirm-dialog.tsx'
import { FaultMessage } from '../../../components/fault-message.tsx'
import { FileDrop } from '../../../components/file-drop.tsx'
import { LoadingState } from '../../../components/loading-state.tsx'
import { notifyFault } from '../../../components/notify.tsx'
import { PageHeader } from '../../../components/page-header.tsx'
import { ProgressPanel } from '../../../components/progress-panel.tsx'
import { Screen } from '../../../components/screen.tsx'
import { Section } from '../../../components/section.tsx'
import { Wizard } from '../../../components/wizard.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { ImportOptions, ImportStatus } from '../answers.ts'
import { CheckStep } from './check-step.tsx'
import { MappingStep } from './mapping-step.tsx'
import { ResultStep } from './result-step.tsx'
import { useUpload } from './use-upload.ts'

const FILE_LIMIT = 200_000_000
/** Milliseconds between two looks at an import that is under way. */
const LOOK_EVERY = 400

const suggestionKey = (id: string) => ['import suggestion', id]

const isMoving = (stage: ImportStatus['stage'] | undefined): boolean =>
  stage === 'checking' || stage === 'running' || stage === 'cancelling' || stage === 'undoing'

/** Brings people in from a file: file, columns, check, run, result. It can be left at any step and taken up again. */
export function ImportWizard() {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const current = useQuery(api.registry.imports.current.queryOptions(undefined))
  const [started, setStarted] = useState<string>()
  const [fresh, setFresh] = useState(false)
  const open = current.data?.findLast(({ stage }) => stage !== 'uploading')
  const id = started ?? (fresh ? undefined : open?.id)
  const again = (): void => {
    setStarted(undefined)
    setFresh(true)
  }
  return (
    <Screen>
      <PageHeader
        title={t('import.title')}
        back={{ to: '/registrants', label: t('list.title') }}
        subtitle={t('import.subtitle')}
      />
      {current.isPending ? (
        <LoadingState />
      ) : id === undefined ? (
        <ChooseFile onUploaded={setStarted} />
      ) : (
        <OpenImport key={id} id={id} onAgain={again} />
      )}
    </Screen>
  )
}

function ChooseFile({ onUploaded }: { onUploaded: (id: string) => void }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  const queryClient = useQueryClient()
  const { uploading, upload } = useUpload()
  const [fault, setFault] = useState<Error>()
  const take = (file: File): void => {
    setFault(undefined)
    upload(file).then(({ id, ...read }) => {
      queryClient.setQueryData(suggestionKey(id), read)
      onUploaded(id)
    }, setFault)
  }
  return (
    <Section title={t('import.file')} description={t('import.fileHint')}>
      <FileDrop
        label={t('import.fileWanted')}
        endings={['.csv', '.txt', '.tsv', '.xlsx']}
        limit={FILE_LIMIT}
        onFile={take}
        disabled={uploading !== undefined}
      />
      {uploading && (
        <ProgressPanel
          title={t('import.uploading')}
          done={uploading.sent}
          total={uploading.size}
          detail={t('common:progress.of', {
            done: format.fileSize(uploading.sent),
            total: format.fileSize(uploading.size),
          })}
        />
      )}
      {fault && <FaultMessage fault={fault} />}
    </Section>
  )
}

function OpenImport({ id, onAgain }: { id: string; onAgain: () => void }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const format = useFormat()
  const [chosen, setChosen] = useState<ImportOptions>()
  const [mapping, setMapping] = useState(false)
  const [busy, setBusy] = useState(false)
  const status = useQuery({
    ...api.registry.imports.status.queryOptions({ id }),
    refetchInterval: ({ state }) => (isMoving(state.data?.stage) ? LOOK_EVERY : false),
    staleTime: 0,
  })
  const suggestion = useQuery({
    queryKey: suggestionKey(id),
    queryFn: () => api.registry.imports.inspect.run({ id, reading: {} }),
    enabled: status.data?.stage === 'uploaded' && chosen === undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (status.error) return <FaultMessage fault={status.error} onAction={onAgain} />
  if (!status.data) return <LoadingState />
  const { stage, inspection, fault, fileName, rows, done } = status.data
  const options = chosen ?? (status.data.options as ImportOptions | null) ?? suggestion.data?.suggestion

  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(false)
      await status.refetch()
    }
  }
  const check = (): void => {
    if (options === undefined) return
    void act(async () => {
      await api.registry.imports.check.run({ id, options })
      setMapping(false)
    })
  }
  const leave = (): void =>
    void act(async () => {
      await api.registry.imports.discard.run({ id })
      onAgain()
    })
  const stop = (): void =>
    void (async () => {
      const sure =
        stage !== 'running' ||
        (await confirm({
          title: t('import.cancelTitle'),
          body: t('import.cancelBody'),
          confirmLabel: t('import.cancel'),
          dangerous: true,
        }))
      if (sure) await act(() => api.registry.imports.cancel.run({ id }))
    })()

  if (stage === 'ended') return <ResultStep status={status.data} onAgain={() => void leave()} />
  if (isMoving(stage)) {
    return (
      <ProgressPanel
        title={t(`import.stages.${stage}`, { file: fileName })}
        done={done}
        total={rows || undefined}
        detail={t('import.rowsOf', { done: format.number(done), total: format.number(rows) })}
        canBeLeft
        {...(stage === 'checking' || stage === 'running' ? { onCancel: stop } : {})}
      />
    )
  }
  if (inspection === null || options === undefined)
    return suggestion.error ? <FaultMessage fault={suggestion.error} /> : <LoadingState />
  const checked = stage === 'checked' && !mapping
  const counts = status.data.counts
  const coming = (counts?.added ?? 0) + (counts?.updated ?? 0)
  return (
    <>
      {fault && <FaultMessage fault={fault} />}
      <Wizard
        current={checked ? 1 : 0}
        onStep={(step) => (step === 0 ? setMapping(true) : check())}
        busy={busy}
        onCancel={leave}
        finishLabel={t('import.run', { count: coming, number: format.number(coming) })}
        onFinish={() => void act(() => api.registry.imports.start.run({ id }))}
        steps={[
          {
            key: 'mapping',
            label: t('import.steps.mapping'),
            complete: missingTarget(options.subject, options.mapping) === undefined,
            content: (
              <MappingStep
                fileName={fileName}
                inspection={inspection}
                options={options}
                onChange={setChosen}
                onRead={(reading) =>
                  act(async () => {
                    const read = await api.registry.imports.inspect.run({ id, reading })
                    setChosen({ ...read.suggestion, ...reading })
                  })
                }
              />
            ),
          },
          {
            key: 'check',
            label: t('import.steps.check'),
            complete: coming > 0,
            content: <CheckStep status={status.data} onHistory={() => void navigate('/registrants/imports')} />,
          },
        ]}
      />
    </>
  )
}
