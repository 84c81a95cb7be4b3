import { Button, Checkbox, Group, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { useConnectivity } from '../../state/connectivity.ts'
import { setTableLayout, usePreferences } from '../../state/preferences.ts'
import { EmptyState } from '../empty-state.tsx'
import { ErrorState } from '../error-state.tsx'
import { type Column, hiddenAtFirst, nextSort, type Sort, shownColumns } from './columns.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import classes from './data-table.module.css'
import { type RowSource, useLoadedRows } from './pages.ts'
import { everythingSelected, isSelected, nothingSelected, type Selection, select, selectedCount } from './selection.ts'
import { TableRow } from './table-row.tsx'

export interface DataTableProps<Row> {
  /** Name under which a person's columns and order are kept. */
  id: string
  /** What the table holds, for screen readers: "Registrants". */
  label: string
  columns: readonly Column<Row>[]
  /** Where the rows come from; keep it stable with `useMemo`. */
  source: RowSource<Row>
  rowId: (row: Row) => string
  /** Click or Enter. */
  onOpen?: (row: Row) => void
  /** Chosen rows, if rows can be chosen. */
  selection?: Selection
  onSelectionChange?: (selection: Selection) => void
  /** Search, filters and buttons above the table. */
  toolbar?: ReactNode
  /** Buttons for the chosen rows; shown instead of the total while something is chosen. */
  selectionActions?: ReactNode
  /** Shown when the list has no rows. */
  empty?: ReactNode
  /** Order before anybody chose one. */
  defaultSort?: Sort
  /** Fixed height in pixels; fills its parent by default. */
  height?: number
  /** Height of a row in pixels; 52 suits two-line cells. */
  rowHeight?: number
}

const NARROW = 640
const CARD_HEIGHT = 78
const CHECK_WIDTH = 40
/** Chromium lays out at most some 33 million pixels; longer lists show their first part and say so. */
const TALLEST = 30_000_000

/**
 * A long list: only the rows under the eye exist, and only their pages are asked for. Keys: arrows, Page Up/Down, Home,
 * End move; Enter opens; Space chooses, with Shift the range; Ctrl+A chooses all; Escape drops the choice.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { id, label, columns, source, rowId, onOpen, selection = nothingSelected, onSelectionChange } = props
  const { t } = useTranslation()
  const format = useFormat()
  const prefix = useId()
  const coreUp = useConnectivity((connectivity) => connectivity.coreUp)

  const layout = usePreferences((preferences) => preferences.tables[id])
  const hidden = layout?.hidden ?? hiddenAtFirst(columns)
  const sort = layout ? layout.sort : props.defaultSort
  const shown = useMemo(() => shownColumns(columns, hidden), [columns, hidden])

  const { ref: sizeRef, width, height: bodyHeight } = useElementSize()
  const narrow = width > 0 && width < NARROW
  const rowHeight = narrow ? CARD_HEIGHT : (props.rowHeight ?? 40)
  const scroller = useRef<HTMLDivElement>(null)
  const setScroller = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element
      return sizeRef(element)
    },
    [sizeRef],
  )

  const [visible, setVisible] = useState({ first: 0, last: 0 })
  const rows = useLoadedRows(source, sort, visible)
  const total = rows.total ?? 0
  const count = rows.total === undefined ? 12 : Math.min(total, Math.floor(TALLEST / rowHeight))
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => index,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with the window's width
  useEffect(() => virtualizer.measure(), [rowHeight])
  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = Math.max(first, Math.min(items.at(-1)?.index ?? 0, Math.max(0, count - 1)))
  useEffect(() => setVisible({ first, last }), [first, last])

  const [active, setActive] = useState(0)
  const anchor = useRef(0)
  const listName = JSON.stringify([source.queryKey, sort])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first row
  useEffect(() => {
    setActive(0)
    anchor.current = 0
    scroller.current?.scrollTo({ top: 0 })
  }, [listName])

  const selectable = onSelectionChange !== undefined
  const choose = async (index: number, range: boolean): Promise<void> => {
    const row = rows.rowAt(index)
    if (!onSelectionChange || row === undefined) return
    if (!range) {
      anchor.current = index
      onSelectionChange(select(selection, [rowId(row)], !isSelected(selection, rowId(row))))
      return
    }
    const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)]
    const between = await rows.loadRange(from, to)
    onSelectionChange(select(selection, between.map(rowId), true))
  }
  const latest = useRef({ choose, rows, onOpen, selectable })
  latest.current = { choose, rows, onOpen, selectable }
  const onPress = useCallback((index: number, { shiftKey, onCheckbox }: { shiftKey: boolean; onCheckbox: boolean }) => {
    const now = latest.current
    setActive(index)
    const row = now.rows.rowAt(index)
    if (now.selectable && (onCheckbox || shiftKey)) void now.choose(index, shiftKey)
    else if (row !== undefined) now.onOpen?.(row)
  }, [])

  const move = (to: number): void => {
    const index = Math.max(0, Math.min(count - 1, to))
    setActive(index)
    virtualizer.scrollToIndex(index)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const step = Math.max(1, Math.floor((bodyHeight - 36) / rowHeight) - 1)
    const row = rows.rowAt(active)
    const modified = event.ctrlKey || event.metaKey
    const chooseAll = modified && event.code === 'KeyA' && selectable
    if ((modified || event.altKey) && !chooseAll) return
    const deeds = new Map<string, () => unknown>([
      ['ArrowDown', () => move(active + 1)],
      ['ArrowUp', () => move(active - 1)],
      ['PageDown', () => move(active + step)],
      ['PageUp', () => move(active - step)],
      ['Home', () => move(0)],
      ['End', () => move(count - 1)],
      ['Enter', () => row !== undefined && onOpen?.(row)],
      [' ', () => choose(active, event.shiftKey)],
    ])
    if (selectedCount(selection, total) > 0) deeds.set('Escape', () => onSelectionChange?.(nothingSelected))
    const deed = chooseAll ? () => onSelectionChange(everythingSelected) : deeds.get(event.key)
    if (!deed) return
    event.preventDefault()
    deed()
  }

  const chosen = selectedCount(selection, total)
  const template = [
    ...(selectable ? [`${CHECK_WIDTH}px`] : []),
    ...(narrow ? ['minmax(0, 1fr)'] : shown.map(({ width, grow = 1 }) => `minmax(${width}px, ${grow}fr)`)),
  ].join(' ')
  const leastWidth = narrow ? 0 : shown.reduce((sum, column) => sum + column.width, selectable ? CHECK_WIDTH : 0)
  const keepLayout = (changed: { hidden?: readonly string[]; sort?: Sort | undefined }): void =>
    setTableLayout(id, { hidden, sort, ...changed })

  return (
    <div className={classes.table} style={props.height ? { height: props.height } : undefined}>
      <div className={classes.toolbar}>
        <div className={classes.tools}>{props.toolbar}</div>
        {!narrow && <ColumnsMenu columns={columns} hidden={hidden} onChange={(next) => keepLayout({ hidden: next })} />}
      </div>
      {rows.error && rows.total !== undefined && <ErrorState fault={rows.error} onRetry={rows.retry} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of a table */}
      <div
        ref={setScroller}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={narrow ? 1 : shown.length + (selectable ? 1 : 0)}
        aria-multiselectable={selectable}
        aria-busy={rows.total === undefined}
        aria-activedescendant={total > 0 ? `${prefix}row${active}` : undefined}
        tabIndex={0}
        className={classes.scroller}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
        {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
        <div
          role="row"
          aria-rowindex={1}
          className={classes.head}
          style={{ gridTemplateColumns: template, minWidth: leastWidth }}
        >
          {selectable && (
            // biome-ignore lint/a11y/useFocusableInteractive: its checkbox is
            // biome-ignore lint/a11y/useSemanticElements: see the grid
            <div role="columnheader" className={classes.check}>
              <Checkbox
                size="xs"
                aria-label={t('table.selectAll')}
                checked={chosen > 0 && chosen === total}
                indeterminate={chosen > 0 && chosen < total}
                onChange={() => onSelectionChange(chosen > 0 ? nothingSelected : everythingSelected)}
              />
            </div>
          )}
          {narrow ? (
            // biome-ignore lint/a11y/useFocusableInteractive: it does nothing
            // biome-ignore lint/a11y/useSemanticElements: see the grid
            <div role="columnheader" className={classes.heading}>
              {label}
            </div>
          ) : (
            shown.map(({ key, header, align, sortable }) => {
              const direction = sort?.column === key ? sort.direction : undefined
              const Arrow = direction === 'desc' ? IconArrowDown : IconArrowUp
              return (
                // biome-ignore lint/a11y/useFocusableInteractive: its button is
                // biome-ignore lint/a11y/useSemanticElements: see the grid
                <div
                  key={key}
                  role="columnheader"
                  className={classes.heading}
                  data-align={align}
                  aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
                >
                  {sortable ? (
                    <button
                      type="button"
                      className={classes.sort}
                      onClick={() => keepLayout({ sort: nextSort(sort, key) })}
                    >
                      <span>{header}</span>
                      <Arrow size={13} aria-hidden style={{ opacity: direction ? 1 : 0 }} />
                    </button>
                  ) : (
                    <span>{header}</span>
                  )}
                </div>
              )
            })
          )}
        </div>
        {rows.total === 0 ? (
          <div className={classes.none}>{props.empty ?? <EmptyState title={t('table.empty')} />}</div>
        ) : rows.total === undefined && rows.error ? (
          <div className={classes.none}>
            <ErrorState fault={rows.error} onRetry={rows.retry} />
          </div>
        ) : (
          <div
            className={classes.body}
            style={{ height: virtualizer.getTotalSize(), minWidth: leastWidth, '--columns': template } as object}
          >
            {items.map(({ index, start, size }) => {
              const row = rows.rowAt(index)
              return (
                <TableRow
                  key={index}
                  id={`${prefix}row${index}`}
                  row={row}
                  index={index}
                  top={start}
                  height={size}
                  columns={shown}
                  narrow={narrow}
                  active={index === active}
                  selectable={selectable}
                  selected={row !== undefined && isSelected(selection, rowId(row))}
                  opens={onOpen !== undefined}
                  onPress={onPress}
                />
              )
            })}
          </div>
        )}
      </div>
      <Group className={classes.foot} justify="space-between" gap="sm">
        {chosen > 0 ? (
          <Group gap="xs">
            <Text fw={600} role="status">
              {t('table.selected', { count: chosen, number: format.number(chosen) })}
            </Text>
            {props.selectionActions}
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => onSelectionChange?.(nothingSelected)}
            >
              {t('table.selectNone')}
            </Button>
          </Group>
        ) : (
          <Text c="dimmed" size="sm" role="status">
            {rows.total === undefined
              ? t('loading')
              : count < total
                ? t('table.tooMany', { shown: format.number(count), total: format.number(total) })
                : t('table.total', { count: total, number: format.number(total) })}
          </Text>
        )}
        {!coreUp && (
          <Text c="ochre" size="sm">
            {t('core.staleRows')}
          </Text>
        )}
      </Group>
    </div>
  )
}
