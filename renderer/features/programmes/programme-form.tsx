import {
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntitlementRule, Programme } from '../../../shared/model/programme.ts'
import { currencies } from '../../../shared/rules/currency.ts'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useReplicaQuery } from '../../replica/hooks.ts'

export type ProgrammeSettings = Omit<Programme, 'id' | 'changedAt' | 'changedBy' | 'removed' | 'state'>

export const newProgramme: ProgrammeSettings = {
  name: '',
  currency: 'ETB',
  target: 'group',
  entitlementRule: { kind: 'fixed', amount: 0 },
  fund: null,
  alternateRecipientAllowed: true,
  twoApproversAbove: null,
  paymentManagerId: '',
}

interface ProgrammeFormProps {
  settings: ProgrammeSettings
  submitLabel: string
  /** @throws OfficeFault, which is shown */
  onSubmit: (settings: ProgrammeSettings) => Promise<unknown>
  readOnly?: boolean
  currencyFixed?: boolean
  targetFixed?: boolean
}

const ruleOf = (kind: EntitlementRule['kind'], before: EntitlementRule): EntitlementRule => {
  const amount = before.kind === 'fixed' ? before.amount : before.kind === 'perMember' ? before.base : 0
  if (kind === 'fixed') return { kind, amount }
  if (kind === 'perMember') return { kind, base: amount, perMember: 0, maximumMembers: 10 }
  return { kind: 'none' }
}

/** A programme's settings. Amounts that cannot be read hold the form back. */
export function ProgrammeForm(props: ProgrammeFormProps) {
  const { submitLabel, onSubmit, readOnly = false, currencyFixed = false, targetFixed = false } = props
  const { t } = useTranslation('programmes')
  const { locale } = useFormat()
  const managers = useReplicaQuery('paymentManagers', { where: { removed: false }, sort: 'name' })
  const [settings, setSettings] = useState(props.settings)
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const { entitlementRule: rule, currency } = settings
  const change = (part: Partial<ProgrammeSettings>): void => setSettings((before) => ({ ...before, ...part }))

  /** An amount field's new value; one that cannot be read is remembered until it can. */
  const amount = (field: string, put: (minor: number | null) => void) => (minor: number | null | undefined) => {
    const next = new Set(unread)
    if (minor === undefined) next.add(field)
    else {
      next.delete(field)
      put(minor)
    }
    setUnread(next)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      await onSubmit(settings)
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  const names = new Intl.DisplayNames(locale, { type: 'currency' })
  return (
    <form onSubmit={(event) => void submit(event)}>
      <fieldset disabled={readOnly} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <Section title={t('form.who')}>
            <Stack>
              <TextInput
                label={t('fields.name')}
                value={settings.name}
                onChange={(event) => change({ name: event.currentTarget.value })}
                maxLength={200}
                required
              />
              <div>
                <Text size="sm" fw={500} id="programme-target">
                  {t('form.target')}
                </Text>
                <SegmentedControl
                  aria-labelledby="programme-target"
                  value={settings.target}
                  onChange={(target) => change({ target: target === 'group' ? 'group' : 'individual' })}
                  disabled={targetFixed || readOnly}
                  data={(['group', 'individual'] as const).map((target) => ({
                    value: target,
                    label: t(`targets.${target}`),
                  }))}
                />
                {targetFixed && (
                  <Text size="sm" c="dimmed">
                    {t('form.targetFixed')}
                  </Text>
                )}
              </div>
              {settings.target === 'group' && (
                <Switch
                  label={t('form.alternate')}
                  description={t('form.alternateMeaning')}
                  checked={settings.alternateRecipientAllowed}
                  onChange={(event) => change({ alternateRecipientAllowed: event.currentTarget.checked })}
                />
              )}
            </Stack>
          </Section>
          <Section title={t('form.money')}>
            <Stack>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Select
                  label={t('fields.currency')}
                  description={currencyFixed ? t('form.currencyFixed') : undefined}
                  value={currency}
                  onChange={(chosen) => chosen !== null && change({ currency: chosen })}
                  data={currencies.map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))}
                  searchable
                  allowDeselect={false}
                  disabled={currencyFixed || readOnly}
                />
                <MoneyField
                  key={`fund ${currency}`}
                  label={t('fields.fund')}
                  description={t('form.fundMeaning')}
                  currency={currency}
                  value={settings.fund}
                  onChange={amount('fund', (fund) => change({ fund }))}
                  optional
                />
              </SimpleGrid>
              <Select
                label={t('form.rule')}
                value={rule.kind}
                onChange={(kind) =>
                  kind !== null && change({ entitlementRule: ruleOf(kind as EntitlementRule['kind'], rule) })
                }
                data={(['fixed', 'perMember', 'none'] as const).map((kind) => ({
                  value: kind,
                  label: t(`rules.${kind}`),
                }))}
                allowDeselect={false}
                disabled={readOnly}
              />
              {rule.kind === 'fixed' && (
                <MoneyField
                  key={`amount ${currency}`}
                  label={t('form.amount')}
                  currency={currency}
                  value={rule.amount}
                  onChange={amount('amount', (minor) =>
                    change({ entitlementRule: { kind: 'fixed', amount: minor ?? 0 } }),
                  )}
                />
              )}
              {rule.kind === 'perMember' && (
                <SimpleGrid cols={{ base: 1, sm: 3 }}>
                  <MoneyField
                    key={`base ${currency}`}
                    label={t('form.base')}
                    currency={currency}
                    value={rule.base}
                    onChange={amount('base', (minor) => change({ entitlementRule: { ...rule, base: minor ?? 0 } }))}
                  />
                  <MoneyField
                    key={`perMember ${currency}`}
                    label={t('form.perMember')}
                    currency={currency}
                    value={rule.perMember}
                    onChange={amount('perMember', (minor) =>
                      change({ entitlementRule: { ...rule, perMember: minor ?? 0 } }),
                    )}
                  />
                  <NumberInput
                    label={t('form.maximumMembers')}
                    value={rule.maximumMembers}
                    min={1}
                    max={100}
                    allowDecimal={false}
                    clampBehavior="strict"
                    onChange={(value) =>
                      typeof value === 'number' &&
                      change({ entitlementRule: { ...rule, maximumMembers: Math.max(1, value) } })
                    }
                  />
                </SimpleGrid>
              )}
            </Stack>
          </Section>
          <Section title={t('form.payment')}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Select
                label={t('fields.manager')}
                description={managers?.length === 0 ? t('form.noManagers') : t('form.managerMeaning')}
                value={settings.paymentManagerId === '' ? null : settings.paymentManagerId}
                onChange={(id) => change({ paymentManagerId: id ?? '' })}
                data={(managers ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                clearable
                disabled={readOnly}
              />
              <MoneyField
                key={`approvers ${currency}`}
                label={t('form.twoApprovers')}
                description={t('form.twoApproversMeaning')}
                currency={currency}
                value={settings.twoApproversAbove}
                onChange={amount('twoApprovers', (twoApproversAbove) => change({ twoApproversAbove }))}
                optional
              />
            </SimpleGrid>
          </Section>
          {fault && <FaultMessage fault={fault} />}
          {!readOnly && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy} disabled={settings.name.trim() === '' || unread.size > 0}>
                {submitLabel}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}
