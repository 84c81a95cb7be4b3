import { Badge, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../components/data-table/columns.ts'
import { Person } from '../../components/person.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { RegistrantRow } from './answers.ts'

/** The columns of lists of registrants. */
export function useRegistrantColumns(): readonly Column<RegistrantRow>[] {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return useMemo<Column<RegistrantRow>[]>(
    () => [
      {
        key: 'name',
        header: t('fields.name'),
        width: 240,
        grow: 2,
        sortable: true,
        fixed: true,
        narrow: 'title',
        render: ({ name, kind, members, deceasedOn }) => (
          <Person
            name={name}
            kind={kind}
            detail={
              <Group gap={6} wrap="nowrap">
                {kind === 'group'
                  ? t('list.members', { count: members, number: format.number(members) })
                  : t('kinds.individual')}
                {deceasedOn !== null && (
                  <Badge size="xs" color="gray" variant="light" tt="none">
                    {t('deceased')}
                  </Badge>
                )}
              </Group>
            }
          />
        ),
      },
      {
        key: 'registryNumber',
        header: t('fields.registryNumber'),
        width: 130,
        sortable: true,
        render: ({ registryNumber }) => <bdi>{registryNumber}</bdi>,
      },
      { key: 'area', header: t('fields.area'), width: 140, sortable: true, render: ({ area }) => <bdi>{area}</bdi> },
      {
        key: 'birthdate',
        header: t('fields.birthdate'),
        width: 120,
        render: ({ birthdate }) => (birthdate === null ? '' : format.day(birthdate)),
      },
      {
        key: 'gender',
        header: t('fields.gender'),
        width: 90,
        hiddenAtFirst: true,
        render: ({ gender }) => (gender === '' ? '' : t(`genders.${gender}`)),
      },
      {
        key: 'modeOfPayment',
        header: t('fields.modeOfPayment'),
        width: 120,
        render: ({ modeOfPayment }) => t(`modes.${modeOfPayment}`),
      },
      {
        key: 'phone',
        header: t('fields.phone'),
        width: 110,
        render: ({ phoneHint }) => <bdi className="office-figures">{phoneHint}</bdi>,
      },
      {
        key: 'account',
        header: t('fields.account'),
        width: 120,
        render: ({ accountHint }) => <bdi className="office-figures">{accountHint}</bdi>,
      },
      {
        key: 'tags',
        header: t('fields.tags'),
        width: 140,
        hiddenAtFirst: true,
        render: ({ tags }) => <Text truncate>{tags.join(', ')}</Text>,
      },
      {
        key: 'registrationDate',
        header: t('fields.registrationDate'),
        width: 130,
        hiddenAtFirst: true,
        render: ({ registrationDate }) => format.day(registrationDate),
      },
    ],
    [t, format],
  )
}
