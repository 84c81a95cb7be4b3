import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconCheck, IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Column } from './columns.ts'

interface ColumnsMenuProps {
  columns: readonly Pick<Column<never>, 'key' | 'header' | 'fixed'>[]
  hidden: readonly string[]
  onChange: (hidden: readonly string[]) => void
}

/** Chooses the columns of a table. */
export function ColumnsMenu({ columns, hidden, onChange }: ColumnsMenuProps) {
  const { t } = useTranslation()
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('table.columns')}>
          <ActionIcon size="lg" variant="default" aria-label={t('table.columns')}>
            <IconColumns3 size={17} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map(({ key, header, fixed }) => {
          const shown = fixed || !hidden.includes(key)
          return (
            <Menu.Item
              key={key}
              role="menuitemcheckbox"
              aria-checked={shown}
              disabled={fixed ?? false}
              leftSection={<IconCheck size={14} style={{ visibility: shown ? 'visible' : 'hidden' }} />}
              onClick={() => onChange(shown ? [...hidden, key] : hidden.filter((other) => other !== key))}
            >
              {header}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
