import {
  Accordion,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ReviewState } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import { useFields } from './connector-fields.ts'
import { askingOf } from './odk-asking.ts'
import classes from './tokens.module.css'
import type { ConnectorPart } from './use-connector-draft.ts'

/** The server of forms, its account, and which form it is. */
export function FormSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { words, plain } = useFields(part)
  const { draft, changeOdk, readOnly, password, setPassword, hasPassword } = part
  const { odk } = draft
  const text = (name: 'baseUrl' | 'odataUrl' | 'projectId' | 'formId' | 'email') => ({
    ...words(`odk.${name}`),
    ...plain,
    dir: 'ltr' as const,
    value: odk[name],
    onChange: (event: { currentTarget: { value: string } }) => changeOdk({ [name]: event.currentTarget.value.trim() }),
  })
  return (
    <Section title={t('parts.form')} description={t('partMeanings.form')}>
      <Stack>
        <TextInput {...text('baseUrl')} type="url" />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...text('email')} maxLength={254} />
          {!readOnly && (
            <PasswordInput
              {...words('odk.password')}
              description={t(hasPassword ? 'password.kept' : 'password.meaning')}
              placeholder={hasPassword ? t('password.replace') : ''}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="new-password"
              maxLength={1_000}
              visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
            />
          )}
        </SimpleGrid>
        {!readOnly && <FormChoice {...part} />}
        <Accordion variant="contained" {...(odk.odataUrl === '' ? {} : { defaultValue: 'address' })}>
          <Accordion.Item value="address">
            <Accordion.Control>{t('form.byHand')}</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <SimpleGrid cols={{ base: 1, sm: 2 }}>
                  <TextInput {...text('projectId')} maxLength={20} />
                  <TextInput {...text('formId')} maxLength={200} />
                </SimpleGrid>
                <TextInput {...text('odataUrl')} type="url" />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <MultiSelect
            {...words('odk.reviewStates')}
            value={[...odk.reviewStates]}
            onChange={(chosen) =>
              changeOdk({ reviewStates: ReviewState.options.filter((one) => chosen.includes(one)) })
            }
            data={ReviewState.options.map((one) => ({ value: one, label: t(`reviewStates.${one}`) }))}
            readOnly={readOnly}
          />
          <NumberInput
            {...words('odk.overlapMinutes')}
            value={odk.overlapMinutes}
            onChange={(value) => changeOdk({ overlapMinutes: Number(value) })}
            min={0}
            max={10_080}
            allowDecimal={false}
            readOnly={readOnly}
          />
        </SimpleGrid>
        <Switch
          label={t('fields.odk.includeEdits')}
          description={t('explains.odk.includeEdits')}
          checked={odk.includeEdits}
          onChange={(event) => changeOdk({ includeEdits: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  )
}

/** The server's own list, to choose the form from. */
function FormChoice(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const { draft, changeOdk } = part
  const { odk } = draft
  const list = useMutation({ mutationFn: () => api.odk.forms.ask(askingOf(part)) })
  const chosen = odk.projectId === '' ? null : `${odk.projectId}/${odk.formId}`
  return (
    <>
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconListSearch size={14} />}
          loading={list.isPending}
          disabled={odk.baseUrl === '' && odk.odataUrl === ''}
          onClick={() => list.mutate()}
        >
          {t('form.list')}
        </Button>
        {chosen !== null && odk.odataUrl === '' && (
          <Text size="sm" role="status">
            {t('form.chosen')} <bdi dir="ltr">{odk.formId}</bdi>
          </Text>
        )}
      </Group>
      {list.error && <FaultMessage fault={list.error} />}
      {list.data &&
        (list.data.length === 0 ? (
          <Text size="sm" c="dimmed" role="status">
            {t('form.none')}
          </Text>
        ) : (
          <Radio.Group
            label={t('form.choose')}
            value={chosen}
            onChange={(value) => {
              const form = list.data.find(({ projectId, formId }) => `${projectId}/${formId}` === value)
              if (form) changeOdk({ projectId: form.projectId, formId: form.formId, odataUrl: '' })
            }}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} mt={6}>
              {list.data.map(({ projectId, projectName, formId, name, version }) => (
                <Radio.Card
                  key={`${projectId}/${formId}`}
                  value={`${projectId}/${formId}`}
                  className={classes.preset ?? ''}
                >
                  <Group wrap="nowrap" gap="sm">
                    <Radio.Indicator />
                    <div>
                      <Text fw={600}>
                        <bdi>{name}</bdi>
                      </Text>
                      <Text size="sm" c="dimmed">
                        <bdi>{projectName}</bdi> · <bdi dir="ltr">{formId}</bdi>{' '}
                        {version !== '' && t('form.version', { version })}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
        ))}
    </>
  )
}
