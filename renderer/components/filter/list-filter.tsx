import { Badge, Button, Collapse } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilterSchema } from '../../../shared/rules/filter/index.ts'
import { FilterField, findFilterError } from './filter-field.tsx'

/** Takes every record. */
export const noFilter = '[]'

interface ListFilterOptions {
  schema: FilterSchema
  /** The filter that the list shows, in the domain syntax. */
  filter: string
  /** Called with every filter that can be carried out; what is still being written is kept here. */
  onFilter: (filter: string) => void
}

/** The filter of a table: a button for its toolbar, and the field that it opens above the table. */
export function useListFilter({ schema, filter, onFilter }: ListFilterOptions): {
  readonly toggle: ReactNode
  readonly field: ReactNode
} {
  const { t } = useTranslation('filter')
  const [written, setWritten] = useState(filter)
  const [open, setOpen] = useState(filter !== noFilter)
  const write = (text: string): void => {
    setWritten(text)
    if (findFilterError(text, schema) === undefined) onFilter(text)
  }
  return {
    toggle: (
      <Button
        variant={filter === noFilter ? 'default' : 'light'}
        leftSection={<IconFilter size={16} />}
        aria-expanded={open}
        onClick={() => setOpen((shown) => !shown)}
        rightSection={filter !== noFilter && <Badge size="xs">{t('list.on')}</Badge>}
      >
        {t('list.label')}
      </Button>
    ),
    field: (
      <Collapse expanded={open}>
        <FilterField schema={schema} value={written} onChange={write} label={t('list.label')} />
      </Collapse>
    ),
  }
}
