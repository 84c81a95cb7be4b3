import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ItemView } from '../../../shared/contract/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { ConsentDialog } from '../../components/consent/consent-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { useMay } from '../../state/session.ts'
import { connectorKinds } from './answers.ts'
import { remedyOf } from './run-figures.ts'
import classes from './tokens.module.css'
import { VidDialog } from './vid-dialog.tsx'

/** What helps a person, here where it is one value, on the record where it is more. */
export function Remedies({ item }: { item: ItemView }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const ask = useDialog()
  const mayEdit = useMay('clerk')
  const [corrected, setCorrected] = useState(false)
  const connectors = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds: connectorKinds }))
  const vidType = connectors.data?.[0]?.vidType
  if (!mayEdit || item.name === '') return null
  const { registrantId, name } = item
  const remedy = remedyOf(item.class, item.reason)
  if (remedy === 'none') return null
  // What came of the person in a run stays as it was; here it is known that somebody saw to it.
  if (corrected) {
    return (
      <Text size="sm" c="moss" role="status">
        {t('remedies.done')}
      </Text>
    )
  }
  const correct = async (dialog: (close: (done?: boolean) => void) => ReactNode): Promise<void> => {
    if (await ask<boolean>(dialog)) setCorrected(true)
  }
  return (
    <div className={classes.deeds}>
      {remedy === 'consent' && (
        <Button
          size="xs"
          variant="default"
          aria-label={t('remedies.consentOf', { name })}
          onClick={() =>
            void correct((close) => <ConsentDialog registrantIds={[registrantId]} name={name} given onClose={close} />)
          }
        >
          {t('remedies.consent')}
        </Button>
      )}
      {remedy === 'vid' && vidType !== undefined && (
        <Button
          size="xs"
          variant="default"
          aria-label={t('remedies.vidOf', { name })}
          onClick={() =>
            void correct((close) => (
              <VidDialog registrantId={registrantId} name={name} vidType={vidType} onClose={close} />
            ))
          }
        >
          {t('remedies.vid')}
        </Button>
      )}
      {remedy === 'record' && (
        <Button
          component={Link}
          to={`/registrants/${registrantId}`}
          size="xs"
          variant="default"
          aria-label={t('remedies.recordOf', { name })}
        >
          {t('remedies.record')}
        </Button>
      )}
      {remedy === 'settings' && (
        <Button component={Link} to="/tokens/connectors" size="xs" variant="default">
          {t('remedies.settings')}
        </Button>
      )}
    </div>
  )
}
