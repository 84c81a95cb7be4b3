import { Button, Group, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'

/** Kinds of keys that can be made; the last one opens encrypted messages, the others sign. */
const choices = {
  ed25519: { purpose: 'signing', type: 'ed25519' },
  ec: { purpose: 'signing', type: 'ec' },
  rsa: { purpose: 'signing', type: 'rsa' },
  decryption: { purpose: 'decryption', type: 'rsa' },
} as const
const kinds = Object.keys(choices) as (keyof typeof choices)[]

const saveJson = (name: string, content: unknown): void =>
  saveFile(name, [JSON.stringify(content, null, 2)], 'application/json')

/** The keys that sign this office's messages and open those for it; only their public halves can be seen. */
export function SigningKeys() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.managers.messageKeys.queryOptions())
  const all = query.data ?? []
  return (
    <Section
      title={t('keys.title')}
      description={t('keys.meaning')}
      actions={
        all.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            onClick={() => saveJson('jwks.json', { keys: all.map(({ publicKey }) => publicKey) })}
          >
            {t('keys.exportAll')}
          </Button>
        )
      }
    >
      <Stack>
        <Answer query={query}>
          {(keys) => (
            <Stack gap="sm">
              {keys.length === 0 && <Text c="dimmed">{t('keys.none')}</Text>}
              {keys.map(({ keyId, purpose, type, publicKey, addedAt }) => (
                <Group key={keyId} justify="space-between">
                  <div>
                    <Text fw={560}>{t(`keyKinds.${purpose === 'signing' ? type : 'decryption'}`)}</Text>
                    <div>
                      <CopyText value={keyId} />
                    </div>
                    <MomentText at={addedAt} show="date" size="sm" c="dimmed" />
                  </div>
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<IconDownload size={14} />}
                    onClick={() => saveJson(`${keyId}.jwk.json`, publicKey)}
                  >
                    {t('keys.export')}
                  </Button>
                </Group>
              ))}
            </Stack>
          )}
        </Answer>
        {may && <NewKey onDone={() => void query.refetch()} />}
      </Stack>
    </Section>
  )
}

/** Makes a key, or takes one that was made elsewhere; what was pasted is gone from the screen once it is in the vault. */
function NewKey({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [kind, setKind] = useState<keyof typeof choices>('ed25519')
  const [key, setKey] = useState('')
  const make = useMutation({ ...api.managers.makeMessageKey.mutationOptions(), onSuccess: onDone })
  const take = useMutation({
    ...api.managers.importMessageKey.mutationOptions(),
    onSuccess: () => {
      setKey('')
      notifyDone(t('keys.taken'))
      onDone()
    },
  })
  const fault = make.error ?? take.error
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (key.trim() !== '') take.mutate({ purpose: choices[kind].purpose, key })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group align="flex-end">
          <Select
            label={t('keys.kind')}
            value={kind}
            onChange={(chosen) => setKind(kinds.find((one) => one === chosen) ?? 'ed25519')}
            data={kinds.map((one) => ({ value: one, label: t(`keyKinds.${one}`) }))}
            allowDeselect={false}
          />
          <Button
            variant="default"
            leftSection={<IconKey size={16} />}
            loading={make.isPending}
            onClick={() => make.mutate(choices[kind])}
          >
            {t('keys.make')}
          </Button>
        </Group>
        <Textarea
          label={t('keys.import')}
          description={t('keys.importMeaning')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={8}
          dir="ltr"
          spellCheck={false}
          autoComplete="off"
        />
        {fault && <FaultMessage fault={fault} />}
        <Group>
          <Button type="submit" variant="default" loading={take.isPending} disabled={key.trim() === ''}>
            {t('keys.take')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
