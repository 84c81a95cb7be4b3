import { Alert, Button, Drawer, Group, Stack, Text, useDirection } from '@mantine/core'
import { IconPencilX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { draftKey, useDrafts } from '../../replica/drafts.ts'
import { RefusedEdit } from './edit-card.tsx'

/** Edits that the office store did not take: above every screen until the officer has dealt with each. */
export function RefusedEdits() {
  const { t } = useTranslation()
  const format = useFormat()
  const { dir } = useDirection()
  const drafts = useDrafts((state) => state.drafts)
  const [open, setOpen] = useState(false)
  const refused = Object.values(drafts).filter((draft) => draft.refused !== undefined)
  const count = refused.length
  if (count === 0) return null
  return (
    <>
      <Alert color="brick" icon={<IconPencilX size={18} />} radius={0} role="alert">
        <Group justify="space-between" gap="sm">
          <Text>{t('edits.refused', { count, number: format.number(count) })}</Text>
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {t('edits.look')}
          </Button>
        </Group>
      </Alert>
      <Drawer
        opened={open}
        onClose={() => setOpen(false)}
        position={dir === 'rtl' ? 'left' : 'right'}
        size="md"
        title={
          <Text fw={640} size="lg">
            {t('edits.title')}
          </Text>
        }
      >
        <Stack>
          <Text c="dimmed">{t('edits.meaning')}</Text>
          {refused.map((draft) => (
            <RefusedEdit key={draftKey(draft.collection, draft.id)} draft={draft} onFollow={() => setOpen(false)} />
          ))}
        </Stack>
      </Drawer>
    </>
  )
}
