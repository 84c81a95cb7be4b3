import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'

/** The keys that sign this office's messages; only their public halves can be seen. */
export function SigningKeys() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.managers.signingKeys.queryOptions())
  const make = useMutation({ ...api.managers.makeSigningKey.mutationOptions(), onSuccess: () => void query.refetch() })
  return (
    <Section
      title={t('keys.title')}
      description={t('keys.meaning')}
      actions={
        may && (
          <Button
            variant="default"
            leftSection={<IconKey size={16} />}
            loading={make.isPending}
            onClick={() => make.mutate(undefined)}
          >
            {t('keys.make')}
          </Button>
        )
      }
    >
      {make.error && <FaultMessage fault={make.error} />}
      <Answer query={query}>
        {(keys) => (
          <Stack>
            {keys.length === 0 && <Text c="dimmed">{t('keys.none')}</Text>}
            {keys.map(({ keyId, publicKey, addedAt }) => (
              <Group key={keyId} justify="space-between">
                <div>
                  <CopyText value={keyId} />
                  <MomentText at={addedAt} show="date" size="sm" c="dimmed" />
                </div>
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconDownload size={14} />}
                  onClick={() =>
                    saveFile(
                      `${keyId}.jwk.json`,
                      [JSON.stringify({ ...publicKey, alg: 'EdDSA', use: 'sig' }, null, 2)],
                      'application/json',
                    )
                  }
                >
                  {t('keys.export')}
                </Button>
              </Group>
            ))}
          </Stack>
        )}
      </Answer>
    </Section>
  )
}
