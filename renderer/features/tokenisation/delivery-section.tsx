import {
  Alert,
  Badge,
  Button,
  Group,
  NumberInput,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeliveryAdvice } from '../../../shared/contract/tokenisation.ts'
import { CallbackAuthentication, CallbackMethod } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import { useFields } from './connector-fields.ts'
import { ExtraHeaders } from './extra-headers.tsx'
import classes from './tokens.module.css'
import type { ConnectorPart } from './use-connector-draft.ts'

const ways = ['download', 'office', 'centre'] as const
type Way = (typeof ways)[number]

/** Which way answers come back; a test tells which will work here. */
export function DeliverySection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { draft, change, changeCallback, readOnly, doubtAt } = part
  const { delivery, callback } = draft
  const way: Way = delivery === 'download' ? 'download' : callback.receiver
  const choose = (chosen: string): void => {
    change({ delivery: chosen === 'download' ? 'download' : 'callback' })
    if (chosen !== 'download') changeCallback({ receiver: chosen === 'centre' ? 'centre' : 'office' })
  }
  const doubt = doubtAt('callback.receiver')
  return (
    <Section title={t('parts.delivery')} description={t('partMeanings.delivery')}>
      <Stack>
        <Radio.Group aria-label={t('fields.delivery')} value={way} onChange={choose}>
          <Stack gap="xs">
            {ways.map((one) => (
              <Radio.Card key={one} value={one} className={classes.preset ?? ''} disabled={readOnly}>
                <Group wrap="nowrap" gap="sm">
                  <Radio.Indicator />
                  <div>
                    <Text fw={600}>{t(`ways.${one}`)}</Text>
                    <Text size="sm" c="dimmed">
                      {t(`wayMeanings.${one}`)}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        {doubt !== undefined && (
          <Alert color="ochre" role="status">
            {doubt}
          </Alert>
        )}
        <DeliveryTest key={draft.mtsUrl} mtsUrl={draft.mtsUrl} />
        {delivery === 'callback' && <CallbackFields {...part} />}
      </Stack>
    </Section>
  )
}

function DeliveryTest({ mtsUrl }: { mtsUrl: string }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const test = useMutation({
    mutationFn: () => api.tokenisation.connectors.delivery.ask({ mtsUrl, asks: true }),
  })
  return (
    <>
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRoute size={14} />}
          loading={test.isPending}
          disabled={!URL.canParse(mtsUrl)}
          onClick={() => test.mutate()}
        >
          {t('deliveryTest.ask')}
        </Button>
      </Group>
      {test.error && <FaultMessage fault={test.error} />}
      {test.data && <Advice advice={test.data} />}
    </>
  )
}

function Advice({ advice }: { advice: DeliveryAdvice }) {
  const { t } = useTranslation('tokenisation')
  return (
    <ul className={classes.list} aria-label={t('deliveryTest.found')}>
      {ways.map((way) => {
        const { works, fault } = advice[way]
        return (
          <li key={way} className={classes.row} data-way={way} data-works={works}>
            <div className={classes.words}>
              <Text fw={600} size="sm">
                {t(`ways.${way}`)}
              </Text>
              {fault && (
                <Text size="sm" c="dimmed">
                  {faultSentence(t, fault)}
                </Text>
              )}
            </div>
            <Group gap="xs">
              {advice.advised === way && works && (
                <Badge color="spruce" variant="light" tt="none">
                  {t('deliveryTest.advised')}
                </Badge>
              )}
              <Badge color={works ? 'moss' : 'ochre'} variant="light" tt="none">
                {t(works ? 'deliveryTest.works' : 'deliveryTest.worksNot')}
              </Badge>
            </Group>
          </li>
        )
      })}
    </ul>
  )
}

/** How the seeder calls, and how it shows that this office asked it to. */
function CallbackFields(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { words, plain } = useFields(part)
  const { callback } = part.draft
  const { changeCallback, readOnly } = part
  const { authType } = callback
  const text = (name: 'database' | 'username' | 'clientId') => ({
    ...words(`callback.${name}`),
    ...plain,
    value: callback[name],
    onChange: (event: { currentTarget: { value: string } }) => changeCallback({ [name]: event.currentTarget.value }),
  })
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('explains.callbackUrl')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Select
          {...words('callback.httpMethod')}
          value={callback.httpMethod}
          onChange={(chosen) =>
            changeCallback({ httpMethod: CallbackMethod.options.find((one) => one === chosen) ?? 'POST' })
          }
          data={[...CallbackMethod.options]}
          allowDeselect={false}
          readOnly={readOnly}
        />
        <NumberInput
          {...words('callback.timeoutSeconds')}
          value={callback.timeoutSeconds}
          onChange={(value) => changeCallback({ timeoutSeconds: Number(value) })}
          min={1}
          max={120}
          allowDecimal={false}
          readOnly={readOnly}
        />
        <Select
          {...words('callback.authType')}
          value={authType}
          onChange={(chosen) =>
            changeCallback({ authType: CallbackAuthentication.options.find((one) => one === chosen) ?? 'staticBearer' })
          }
          data={CallbackAuthentication.options.map((one) => ({ value: one, label: t(`authTypes.${one}`) }))}
          allowDeselect={false}
          readOnly={readOnly}
        />
        {authType === 'odoo' && <TextInput {...text('database')} maxLength={200} dir="ltr" />}
        {(authType === 'odoo' || authType === 'oauth') && <TextInput {...text('username')} maxLength={200} dir="ltr" />}
        {authType === 'oauth' && <TextInput {...text('clientId')} maxLength={200} dir="ltr" />}
      </SimpleGrid>
      {authType !== 'none' && (
        <Text size="sm" c="dimmed">
          {t('explains.callbackSecret')}
        </Text>
      )}
      <Switch
        label={t('fields.callback.inBulk')}
        description={t('explains.callback.inBulk')}
        checked={callback.inBulk}
        onChange={(event) => changeCallback({ inBulk: event.currentTarget.checked })}
      />
      <ExtraHeaders {...part} />
    </>
  )
}
