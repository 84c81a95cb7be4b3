import { Button, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import classes from './file-drop.module.css'

interface FileDropProps {
  /** What file is wanted: "A CSV or XLSX file with one row per person". */
  label: string
  /** File endings, e.g. `['.csv', '.xlsx']`. */
  endings: readonly string[]
  /** Largest size in bytes. */
  limit: number
  onFile: (file: File) => void
  disabled?: boolean
}

/** Takes one file by dropping or choosing; refuses wrong endings and sizes with a sentence. */
export function FileDrop({ label, endings, limit, onFile, disabled = false }: FileDropProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [refusal, setRefusal] = useState<string>()

  const take = (file: File | undefined): void => {
    if (!file || disabled) return
    const fits = endings.some((ending) => file.name.toLowerCase().endsWith(ending))
    if (!fits) setRefusal(t('file.wrongKind', { endings: format.list(endings) }))
    else if (file.size > limit) setRefusal(t('file.tooLarge', { limit: format.fileSize(limit) }))
    else if (file.size === 0) setRefusal(t('file.empty'))
    else {
      setRefusal(undefined)
      onFile(file)
    }
  }
  const onDrag = (event: DragEvent, inside: boolean): void => {
    event.preventDefault()
    setOver(inside && !disabled)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way for the mouse; the button inside is the first for everyone
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={(event) => onDrag(event, false)}
      onDrop={(event) => {
        onDrag(event, false)
        take(event.dataTransfer.files[0])
      }}
    >
      <IconFileUpload size={30} stroke={1.25} aria-hidden />
      <Text>{label}</Text>
      <Button variant="default" disabled={disabled} onClick={() => input.current?.click()}>
        {t('file.choose')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('file.orDrop')}
      </Text>
      {refusal && (
        <Text c="brick" role="alert">
          {refusal}
        </Text>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={endings.join(',')}
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
