import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Person } from '../../components/person.tsx'
import type { RegistrantRow } from './answers.ts'

interface PickRegistrantProps {
  label: string
  kind: 'individual' | 'group'
  picked: RegistrantRow | undefined
  onPick: (row: RegistrantRow) => void
  error?: string | undefined
}

/** Finds one registrant by the beginning of a name or number. */
export function PickRegistrant({ label, kind, picked, onPick, error }: PickRegistrantProps) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [text, setText] = useState(picked?.name ?? '')
  const [asked] = useDebouncedValue(text, 150)
  const found = useQuery(
    api.registry.search.queryOptions(
      { text: asked, kind, limit: 12 },
      { enabled: asked.trim() !== '', keepPrevious: true },
    ),
  )
  const rows = asked.trim() === '' ? [] : (found.data?.rows ?? [])
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const row = rows.find((one) => one.id === id)
        if (!row) return
        setText(row.name)
        onPick(row)
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target>
        <TextInput
          label={label}
          value={text}
          error={error}
          data-autofocus
          placeholder={t('list.search')}
          rightSection={found.isFetching && <Loader size={14} />}
          onChange={(event) => {
            setText(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={rows.length === 0}>
        <Combobox.Options>
          {rows.map((row) => (
            <Combobox.Option key={row.id} value={row.id}>
              <Person
                name={row.name}
                kind={row.kind}
                detail={<Text size="xs">{[row.registryNumber, row.area].filter(Boolean).join(' · ')}</Text>}
              />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
