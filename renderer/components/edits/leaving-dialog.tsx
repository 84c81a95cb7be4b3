import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { type Draft, draftKey, giveUpEdits, useDrafts } from '../../replica/drafts.ts'
import { EditCard, RefusedEdit } from './edit-card.tsx'

const isOpen = ({ changes }: Draft): boolean => Object.keys(changes).length > 0

/** Whether anything of this window's edits would go with the officer. */
export const hasUnfinishedEdits = (): boolean =>
  Object.values(useDrafts.getState().drafts).some((draft) => isOpen(draft) || draft.refused !== undefined)

/** Before signing out: edits that the store has not answered are waited for, or given up knowingly. */
export function LeavingDialog({ onClose }: { onClose: (leave: boolean) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const drafts = Object.values(useDrafts((state) => state.drafts))
  const waiting = drafts.filter((draft) => draft.refused === undefined && isOpen(draft))
  const refused = drafts.filter((draft) => draft.refused !== undefined)
  const count = waiting.length + refused.length
  useEffect(() => {
    if (count === 0) onClose(true)
  }, [count, onClose])
  const stay = (): void => onClose(false)
  return (
    <Modal
      opened
      onClose={stay}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {t('edits.leaving')}
        </Text>
      }
    >
      <Stack>
        {waiting.length > 0 && (
          <Group gap="sm" wrap="nowrap" role="status">
            <Loader size="sm" />
            <Text>{t('edits.waiting', { count: waiting.length, number: format.number(waiting.length) })}</Text>
          </Group>
        )}
        {waiting.map((draft) => (
          <EditCard key={draftKey(draft.collection, draft.id)} draft={draft} onFollow={stay} />
        ))}
        {refused.length > 0 && (
          <Text>{t('edits.refused', { count: refused.length, number: format.number(refused.length) })}</Text>
        )}
        {refused.map((draft) => (
          <RefusedEdit key={draftKey(draft.collection, draft.id)} draft={draft} onFollow={stay} />
        ))}
        <Group justify="flex-end">
          <Button
            variant="light"
            color="brick"
            onClick={() => {
              giveUpEdits()
              onClose(true)
            }}
          >
            {t('edits.giveUp')}
          </Button>
          <Button variant="default" onClick={stay} data-autofocus>
            {t('edits.stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
