import { Anchor, Button, Group, Stack, Text, Textarea, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { DistrictOffice, OpenClaim } from './answers.ts'
import classes from './central.module.css'

/** What an office has claimed and not finished, with counts and sums; an administrator can take it over. */
export function OpenClaims({ office }: { office: DistrictOffice }) {
  const { t } = useTranslation('central')
  const api = useApi()
  const format = useFormat()
  const { installationId } = office
  const query = useQuery(api.offices.openClaims.queryOptions({ installationId }, { kinds: ['batch', 'payment'] }))
  return (
    <Answer query={query}>
      {(claims) => {
        if (claims.length === 0) return <Text c="dimmed">{t('claims.none')}</Text>
        const sums = Map.groupBy(claims, ({ currency }) => currency)
        return (
          <Stack gap="xs">
            <Text fw={600}>
              {t('claims.title', { count: claims.length, number: format.number(claims.length) })}
              {[...sums].map(([currency, own]) => (
                <Text key={currency} span inherit>
                  {' · '}
                  <Money minor={own.reduce((all, { sum }) => all + sum, 0)} currency={currency} />
                </Text>
              ))}
            </Text>
            <ul className={classes.list}>
              {claims.map((claim) => (
                <li key={claim.batchId} className={classes.claim} data-claim={claim.batchId}>
                  <Claim claim={claim} office={office} onDone={() => void query.refetch()} />
                </li>
              ))}
            </ul>
          </Stack>
        )
      }}
    </Answer>
  )
}

interface ClaimProps {
  claim: OpenClaim
  office: DistrictOffice
  onDone: () => void
}

function Claim({ claim, office, onDone }: ClaimProps) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const show = useDialog()
  const may = useMay('administrator')
  const { batchId, name, count, sum, currency, openCount, openSum, claimedAt } = claim
  const takeOver = (): void =>
    void show<void>((close) => <TakeOverDialog claim={claim} office={office} onDone={onDone} onClose={close} />)
  return (
    <Group justify="space-between" align="start">
      <div>
        <Anchor component={Link} to={`/batches/${batchId}`}>
          <bdi>{name}</bdi>
        </Anchor>
        <Text size="sm" c="dimmed" component="div">
          {t('claims.payments', { count, number: format.number(count) })}
          {' · '}
          <Money minor={sum} currency={currency} />
          {claimedAt !== null && (
            <>
              {' · '}
              {t('claims.since')} <MomentText at={claimedAt} />
            </>
          )}
        </Text>
        {openCount > 0 && (
          <Text size="sm" component="div">
            {t('claims.open', { count: openCount, number: format.number(openCount) })}
            {' · '}
            <Money minor={openSum} currency={currency} />
          </Text>
        )}
      </div>
      {!office.isOwn && (
        <Tooltip label={t('claims.administratorOnly')} disabled={may}>
          <Button size="xs" variant="default" disabled={!may} onClick={takeOver}>
            {t('takeOver.action')}
          </Button>
        </Tooltip>
      )}
    </Group>
  )
}

interface TakeOverDialogProps {
  claim: OpenClaim
  office: DistrictOffice
  onDone: () => void
  onClose: () => void
}

function TakeOverDialog({ claim, office, onDone, onClose }: TakeOverDialogProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const format = useFormat()
  const [reason, setReason] = useState('')
  const { batchId, name, count, sum, currency } = claim
  return (
    <DeedDialog
      title={t('takeOver.title', { name })}
      confirmLabel={t('takeOver.confirm')}
      dangerous
      ready={reason.trim() !== ''}
      run={async (pin) => {
        await api.dispatch.takeOver.run({ batchId, reason: reason.trim(), pin })
        notifyDone(t('takeOver.done', { name }))
        onDone()
        onClose()
      }}
      onClose={onClose}
    >
      <Text>{t('takeOver.meaning', { office: office.officeName })}</Text>
      <Text>
        {t('claims.payments', { count, number: format.number(count) })}
        {' · '}
        <Money minor={sum} currency={currency} />
      </Text>
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
