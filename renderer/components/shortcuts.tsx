import { Group, Kbd, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useEffectEvent, useId, useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { eventMatches, isTyping, letterOf, piecesOf } from './key-map.ts'

/** A key and what it does; shown in the key map while the component that registered it is mounted. */
export interface Shortcut {
  /** `mod+k`, `?`, `g r` (one after the other), `alt+arrowleft`. `mod` is Ctrl, or Cmd on a Mac. */
  readonly keys: string
  /** Already translated; the same label groups several keys. */
  readonly label: string
  readonly run: () => void
}

const useKeyMap = create<{ shown: boolean }>()(() => ({ shown: false }))

/** Opens the key map. */
export const showKeyMap = (): void => useKeyMap.setState({ shown: true })
const hideKeyMap = (): void => useKeyMap.setState({ shown: false })

const useRegistered = create<Record<string, Shortcut>>()(() => ({}))

/** Registers a shortcut for as long as the component is mounted and `enabled`. */
export function useShortcut({ keys, label, run }: Shortcut, enabled = true): void {
  const id = useId()
  const latest = useEffectEvent(run)
  // Before the screen is painted: whoever sees it can press its keys.
  useLayoutEffect(() => {
    if (!enabled) return
    useRegistered.setState({ [id]: { keys, label, run: () => latest() } })
    return () =>
      useRegistered.setState((before) => {
        const { [id]: _gone, ...rest } = before
        return rest
      }, true)
  }, [id, keys, label, enabled])
}

/** Milliseconds in which the second key of `g r` must follow. */
const SEQUENCE_PAUSE = 1_500

/** Listens for every registered key, and shows the key map on `?`. Mount once. */
export function KeyboardShortcuts() {
  const { t } = useTranslation()
  const { shown } = useKeyMap()
  const [wanted, setWanted] = useState('')
  const registered = useRegistered()
  useShortcut({ keys: '?', label: t('keyMap.title'), run: showKeyMap })

  useLayoutEffect(() => {
    let first = ''
    let firstAt = Number.NEGATIVE_INFINITY
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      const modified = event.ctrlKey || event.metaKey || event.altKey
      if (!modified && (isTyping(event.target) || document.querySelector('[role="dialog"]'))) return
      // When the keys were pressed, not when a busy screen came to them.
      const sequence = event.timeStamp - firstAt < SEQUENCE_PAUSE ? first : ''
      const found = Object.values(useRegistered.getState()).findLast(({ keys }) => eventMatches(event, keys, sequence))
      first = modified ? '' : letterOf(event)
      firstAt = event.timeStamp
      if (!found) return
      event.preventDefault()
      first = ''
      found.run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const byLabel = Map.groupBy(Object.values(registered), ({ label }) => label)
  const matching = [...byLabel].filter(([label]) => label.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()))
  return (
    <Modal
      opened={shown}
      onClose={hideKeyMap}
      title={
        <Text fw={640} size="lg">
          {t('keyMap.title')}
        </Text>
      }
    >
      <Stack gap="sm">
        <TextInput
          aria-label={t('keyMap.search')}
          placeholder={t('keyMap.search')}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          data-autofocus
        />
        {matching.length === 0 && <Text c="dimmed">{t('keyMap.none')}</Text>}
        {matching.map(([label, shortcuts]) => (
          <Group key={label} justify="space-between" wrap="nowrap">
            <Text>{label}</Text>
            <Group gap={6} wrap="nowrap">
              {[...new Set(shortcuts.map(({ keys }) => keys))].map((keys) => (
                <ShortcutKeys key={keys} keys={keys} />
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}

/** The keys of a shortcut as key caps. */
export function ShortcutKeys({ keys }: { keys: string }) {
  return (
    <bdi dir="ltr" style={{ display: 'inline-flex', gap: 3, alignItems: 'center' }}>
      {piecesOf(keys).map((piece) => (
        <Kbd key={piece} size="xs">
          {piece}
        </Kbd>
      ))}
    </bdi>
  )
}
