import { Button, Menu } from '@mantine/core'
import { IconPlayerTrackNext } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { connectorKinds } from './answers.ts'

/** Asks for the tokens of chosen people now; nothing is shown while no connector of the registry can run here. */
export function RunChosen({ registrantIds }: { registrantIds: readonly string[] }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const connectors = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds: connectorKinds }))
  const usable = (connectors.data ?? []).filter(({ kind, usable: can }) => kind === 'registry' && can)
  const [only] = usable
  if (only === undefined) return null
  const run = async (connectorId: string): Promise<void> => {
    setBusy(true)
    try {
      const { runId } = await api.tokenisation.runNow.run({ connectorId, registrantIds: [...registrantIds] })
      await navigate(`/tokens/runs/${runId}`)
    } catch (fault) {
      notifyFault(fault)
      setBusy(false)
    }
  }
  const button = (onClick?: () => void) => (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerTrackNext size={14} />}
      disabled={busy || registrantIds.length === 0}
      {...(onClick && { onClick })}
    >
      {t('consents.run')}
    </Button>
  )
  if (usable.length === 1) return button(() => void run(only.id))
  return (
    <Menu position="bottom-end">
      <Menu.Target>{button()}</Menu.Target>
      <Menu.Dropdown>
        {usable.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => void run(id)}>
            <bdi>{name}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
