import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { type AuditFilter, noFilter } from './answers.ts'
import classes from './audit-filter.module.css'
import { actionWord, subjectWord } from './words.ts'

interface AuditFilterBarProps {
  filter: AuditFilter
  onChange: (filter: AuditFilter) => void
  nameOf: (officerId: string) => string
}

/** Narrows the trail by officer, action, kind of record and period. */
export function AuditFilterBar({ filter, onChange, nameOf }: AuditFilterBarProps) {
  const { t } = useTranslation('audit')
  const api = useApi()
  const choices = useQuery(api.audit.choices.queryOptions(undefined, { kinds: ['batch', 'officer', 'registrant'] }))
  const { actions = [], subjectKinds = [], officerIds = [] } = choices.data ?? {}
  const put = (part: Partial<AuditFilter>): void => onChange({ ...filter, ...part })
  const day = (name: 'fromDay' | 'toDay') => ({
    type: 'date',
    size: 'sm',
    'aria-label': t(`filter.${name}`),
    title: t(`filter.${name}`),
    value: filter[name],
    onChange: (event: { currentTarget: { value: string } }) => put({ [name]: event.currentTarget.value }),
  })
  const choice = (
    name: 'officerId' | 'action' | 'subjectKind',
    values: readonly string[],
    word: (value: string) => string,
  ) => ({
    'aria-label': t(`filter.${name}`),
    placeholder: t(`filter.${name}`),
    value: filter[name] === '' ? null : filter[name],
    onChange: (value: string | null) => put({ [name]: value ?? '' }),
    data: [...new Set([...values, ...(filter[name] === '' ? [] : [filter[name]])])].map((value) => ({
      value,
      label: word(value),
    })),
    className: classes.choice,
    searchable: true,
    clearable: true,
    size: 'sm',
  })
  const filtered = Object.values(filter).some((value) => value !== '')
  return (
    <Group gap="xs" className={classes.filters}>
      <Select {...choice('officerId', officerIds, nameOf)} />
      <Select {...choice('action', actions, (action) => actionWord(t, action))} />
      <Select {...choice('subjectKind', subjectKinds, (kind) => subjectWord(t, kind))} />
      <Group gap={6} wrap="nowrap" className={classes.period}>
        <TextInput {...day('fromDay')} leftSection={<Text size="xs">{t('filter.from')}</Text>} leftSectionWidth={48} />
        <TextInput {...day('toDay')} leftSection={<Text size="xs">{t('filter.to')}</Text>} leftSectionWidth={48} />
      </Group>
      {filtered && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={14} />}
          onClick={() => onChange(noFilter)}
        >
          {t(filter.subjectId === '' ? 'filter.clear' : 'filter.clearRecord')}
        </Button>
      )}
    </Group>
  )
}
