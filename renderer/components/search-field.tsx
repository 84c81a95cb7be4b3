import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from './shortcuts.tsx'

interface SearchFieldProps {
  value: string
  /** Called a moment after the last keystroke. */
  onSearch: (text: string) => void
  /** What is searched: "Search by name or number". */
  label: string
  width?: number | string
}

/** Milliseconds of silence before a search starts. */
const SILENCE = 150

/** Search as you type; Ctrl+F and `/` lead here, Escape clears. */
export function SearchField({ value, onSearch, label, width = 320 }: SearchFieldProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const asked = useRef(value)

  useEffect(() => {
    if (value === asked.current) return
    asked.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === asked.current) return
    const timer = setTimeout(() => {
      asked.current = text
      onSearch(text)
    }, SILENCE)
    return () => clearTimeout(timer)
  }, [text, onSearch])
  const focus = (): void => field.current?.select()
  useShortcut({ keys: 'mod+f', label, run: focus })
  useShortcut({ keys: '/', label, run: focus })

  return (
    <TextInput
      ref={field}
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.stopPropagation()
          setText('')
        }
      }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={t('clear')} onClick={() => setText('')} />}
      w={width}
      maw="100%"
      autoComplete="off"
      spellCheck={false}
    />
  )
}
