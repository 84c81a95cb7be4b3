import { Alert, Badge, Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconBuildingCommunity } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { DistrictOffice } from './answers.ts'
import { OpenClaims } from './open-claims.tsx'

/** Every laptop of the district as the central server knows it. */
export function OfficesTab() {
  const { t } = useTranslation('central')
  const api = useApi()
  const format = useFormat()
  const query = useQuery(api.offices.list.queryOptions(undefined, { every: 30_000 }))
  return (
    <Answer query={query}>
      {({ offices, unreadable, acknowledged }) =>
        offices.length === 0 && unreadable === 0 ? (
          <EmptyState icon={IconBuildingCommunity} title={t('offices.none')} description={t('offices.noneMeaning')} />
        ) : (
          <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('tabs.offices')}>
            {unreadable > 0 && (
              <Alert component="li" color="brick" icon={<IconAlertTriangle size={18} />}>
                {t('offices.unreadable', { count: unreadable, number: format.number(unreadable) })}
              </Alert>
            )}
            {offices.map((office) => (
              <OfficeCard
                key={office.installationId}
                office={office}
                acknowledgedAt={office.isOwn ? (acknowledged?.at ?? null) : null}
                onChanged={() => void query.refetch()}
              />
            ))}
          </Stack>
        )
      }
    </Answer>
  )
}

interface OfficeCardProps {
  office: DistrictOffice
  /** Epoch milliseconds since when this office's audit head is at the server. */
  acknowledgedAt: number | null
  onChanged: () => void
}

function OfficeCard({ office, acknowledgedAt, onChanged }: OfficeCardProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const format = useFormat()
  const show = useDialog()
  const may = useMay('administrator')
  const [claims, setClaims] = useState(office.revoked !== null)
  const { revoked, chain } = office
  const officers = useQuery(api.officers.list.queryOptions(undefined, { kinds: ['officer'] }))
  const nameOf = (id: string): string =>
    officers.data?.find((officer) => officer.id === id)?.name ?? t('offices.somebody')
  const revoke = (): void =>
    void show<void>((close) => <RevokeDialog office={office} onDone={onChanged} onClose={close} />)
  return (
    <Paper component="li" withBorder p="md" radius="md" data-office={office.installationId}>
      <Stack gap="sm">
        <Group justify="space-between" align="start">
          <Group gap="xs">
            <Text fw={600}>
              <bdi>{office.officeName}</bdi>
            </Text>
            {office.isOwn && (
              <Badge variant="light" color="spruce" tt="none">
                {t('offices.own')}
              </Badge>
            )}
            {revoked !== null && (
              <Badge variant="light" color="brick" tt="none">
                {t('offices.revoked')}
              </Badge>
            )}
          </Group>
          <Group gap="xs">
            <Button size="xs" variant="default" aria-expanded={claims} onClick={() => setClaims((before) => !before)}>
              {t(claims ? 'offices.hideClaims' : 'offices.showClaims')}
            </Button>
            {may && !office.isOwn && revoked === null && (
              <Button size="xs" color="brick" variant="light" onClick={revoke}>
                {t('offices.lost')}
              </Button>
            )}
          </Group>
        </Group>
        {chain !== null && (
          <Alert color="brick" icon={<IconAlertTriangle size={18} />}>
            {t(`offices.chain.${chain}`)}
          </Alert>
        )}
        {revoked !== null && (
          <Alert color="ochre">
            {t('offices.revokedBy', { name: nameOf(revoked.by) })} <MomentText at={revoked.at} />
            {': '}
            <bdi>{revoked.reason}</bdi>
          </Alert>
        )}
        <FactList
          facts={[
            { name: t('offices.reported'), value: <MomentText at={office.reportedAt} /> },
            {
              name: t('offices.audit'),
              value: (
                <>
                  {t('offices.entries', { count: office.head.position, number: format.number(office.head.position) })}
                  {acknowledgedAt !== null && (
                    <Text span inherit c="dimmed">
                      {' '}
                      {t('offices.acknowledged')} <MomentText at={acknowledgedAt} />
                    </Text>
                  )}
                </>
              ),
            },
            ...(office.restores === 0 ? [] : [{ name: t('offices.restores'), value: format.number(office.restores) }]),
          ]}
        />
        {claims && <OpenClaims office={office} />}
      </Stack>
    </Paper>
  )
}

interface RevokeDialogProps {
  office: DistrictOffice
  onDone: () => void
  onClose: () => void
}

function RevokeDialog({ office, onDone, onClose }: RevokeDialogProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const [reason, setReason] = useState('')
  return (
    <DeedDialog
      title={t('revoke.title', { name: office.officeName })}
      confirmLabel={t('revoke.confirm')}
      dangerous
      ready={reason.trim() !== ''}
      run={async (pin) => {
        await api.offices.revoke.run({ installationId: office.installationId, reason: reason.trim(), pin })
        notifyDone(t('revoke.done', { name: office.officeName }))
        onDone()
        onClose()
      }}
      onClose={onClose}
    >
      <Text>{t('revoke.meaning', { office: office.officeName })}</Text>
      <Textarea
        label={t('reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={200}
        autosize
        required
        data-autofocus
      />
    </DeedDialog>
  )
}
