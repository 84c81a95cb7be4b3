import { Checkbox, Skeleton } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from './columns.ts'
import classes from './data-table.module.css'

export interface TableRowProps<Row> {
  id: string
  /** Undefined while it is being loaded. */
  row: Row | undefined
  index: number
  top: number
  height: number
  columns: readonly Column<Row>[]
  narrow: boolean
  active: boolean
  selectable: boolean
  selected: boolean
  opens: boolean
  onPress: (index: number, event: { shiftKey: boolean; onCheckbox: boolean }) => void
}

function Cards<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }): ReactNode {
  const at = (place: string): readonly Column<Row>[] => columns.filter(({ narrow = 'detail' }) => narrow === place)
  const titles = at('title').length > 0 ? at('title') : columns.slice(0, 1)
  const details = at('detail').filter((column) => !titles.includes(column))
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and points at the active row
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of table cells
    <div role="gridcell" className={classes.card}>
      <div className={classes.cardTop}>
        <div className={classes.cardTitle}>
          {titles.map(({ key, render }) => (
            <div key={key}>{render(row)}</div>
          ))}
        </div>
        {at('trailing').map(({ key, render }) => (
          <div key={key}>{render(row)}</div>
        ))}
      </div>
      <div className={classes.cardDetails}>
        {details.map(({ key, header, render }) => (
          <span key={key} title={header}>
            {render(row)}
          </span>
        ))}
      </div>
    </div>
  )
}

function PlainTableRow<Row>(props: TableRowProps<Row>) {
  const { id, row, index, top, height, columns, narrow, active, selectable, selected, opens, onPress } = props
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and points at the active row
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of table rows
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter and Space are handled by the grid for the active row
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      {...(selectable ? { 'aria-selected': selected } : {})}
      className={classes.row}
      data-active={active || undefined}
      data-selected={selected || undefined}
      data-opens={opens || undefined}
      data-odd={index % 2 === 1 || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={(event) => {
        const target = event.target as HTMLElement
        if (target.closest('button, a, [data-row-ignores-click]')) return
        onPress(index, { shiftKey: event.shiftKey, onCheckbox: target.closest('[data-row-checkbox]') !== null })
      }}
    >
      {selectable && (
        // biome-ignore lint/a11y/useFocusableInteractive: see the row
        // biome-ignore lint/a11y/useSemanticElements: see the row
        <div role="gridcell" className={classes.check} data-row-checkbox>
          <Checkbox size="xs" checked={selected} readOnly tabIndex={-1} aria-label={t('table.selectRow')} />
        </div>
      )}
      {narrow && row !== undefined ? (
        <Cards row={row} columns={columns} />
      ) : (
        columns.map(({ key, align, render }) => (
          // biome-ignore lint/a11y/useFocusableInteractive: see the row
          // biome-ignore lint/a11y/useSemanticElements: see the row
          <div key={key} role="gridcell" className={classes.cell} data-align={align}>
            {row === undefined ? <Skeleton height={11} width={`${50 + ((index * 13) % 40)}%`} /> : render(row)}
          </div>
        ))
      )}
    </div>
  )
}

/** One row; drawn again only when something of it changed. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow
