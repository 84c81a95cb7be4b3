import { ActionIcon, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { MaskedValue } from '../../../components/masked-value.tsx'
import { notifyFault } from '../../../components/notify.tsx'
import { Section } from '../../../components/section.tsx'
import { useMaySee } from '../../../state/session.ts'
import type { View } from '../answers.ts'
import { ContactDialog } from './contact-dialog.tsx'

type Kind = 'phone' | 'email' | 'account'
const KINDS = ['phone', 'email', 'account'] as const

const hintsOf = (view: View, kind: Kind): View['phoneHints'] =>
  kind === 'phone' ? view.phoneHints : kind === 'email' ? view.emailHints : view.accountHints

/** Phones, e-mails and accounts behind their hints; a full value is shown one by one and each look is recorded. */
export function ContactsSection({ view, mayEdit }: { view: View; mayEdit: boolean }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const ask = useDialog()
  const mayReveal = useMaySee('clerk', 'approver', 'administrator')
  const registrantId = view.id
  const open = (kind: Kind, id?: string): void =>
    void ask((close) => <ContactDialog registrantId={registrantId} kind={kind} id={id} onClose={() => close()} />)
  const mark = (kind: Kind, id: string, what: 'prefer' | 'disable' | 'enable' | 'remove'): void =>
    void api.registry.markContact.run({ registrantId, kind, id, mark: what }).catch(notifyFault)
  return (
    <Section title={t('contacts.title')} description={t('contacts.explanation')}>
      <Stack>
        {KINDS.map((kind) => (
          <div key={kind}>
            <Group justify="space-between">
              <Text fw={600}>{t(`contacts.${kind}s`)}</Text>
              {mayEdit && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  leftSection={<IconPlus size={14} />}
                  onClick={() => open(kind)}
                >
                  {t(`contacts.add.${kind}`)}
                </Button>
              )}
            </Group>
            {hintsOf(view, kind).length === 0 && <Text c="dimmed">{t(`contacts.none.${kind}`)}</Text>}
            {hintsOf(view, kind).map(({ id, label, hint, preferred, disabled }) => (
              <Group key={id} gap="sm" py={4}>
                <MaskedValue
                  hint={hint}
                  name={t(`contacts.${kind}`)}
                  {...(mayReveal && {
                    onReveal: async () =>
                      (await api.registry.reveal.run({ registrantId, kind, id, screen: 'contacts' })).value,
                  })}
                />
                <Text c="dimmed">
                  <bdi>{label}</bdi>
                </Text>
                {preferred && (
                  <Badge size="sm" variant="light" tt="none">
                    {t('contacts.preferred')}
                  </Badge>
                )}
                {disabled && (
                  <Badge size="sm" color="gray" variant="light" tt="none">
                    {t('contacts.disabled')}
                  </Badge>
                )}
                {mayEdit && (
                  <Menu>
                    <Menu.Target>
                      <ActionIcon aria-label={t('contacts.more', { hint })} size="sm">
                        <IconDots size={15} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => open(kind, id)}>{t('contacts.replace')}</Menu.Item>
                      {!preferred && (
                        <Menu.Item onClick={() => mark(kind, id, 'prefer')}>{t('contacts.prefer')}</Menu.Item>
                      )}
                      <Menu.Item onClick={() => mark(kind, id, disabled ? 'enable' : 'disable')}>
                        {disabled ? t('contacts.enable') : t('contacts.disable')}
                      </Menu.Item>
                      <Menu.Item color="brick" onClick={() => mark(kind, id, 'remove')}>
                        {t('contacts.remove')}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
              </Group>
            ))}
          </div>
        ))}
      </Stack>
    </Section>
  )
}
