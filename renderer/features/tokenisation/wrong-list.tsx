import { Alert, List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectorFinding } from '../../../shared/contract/tokenisation.ts'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { partOf } from './connector-draft.ts'

/** What stands in the way of keeping or starting a connector, and where. */
export function WrongList({ findings, title }: { findings: readonly ConnectorFinding[]; title: string }) {
  const { t } = useTranslation('tokenisation')
  if (findings.length === 0) return null
  return (
    <Alert color="ochre" role="alert" title={title}>
      <List size="sm">
        {findings.map(({ path, code, params }) => (
          <List.Item key={`${path} ${code}`}>
            <b>{t(`fields.${fieldOf(path)}`, { defaultValue: t(`parts.${partOf(path)}`) })}</b>:{' '}
            {codeSentence(t, code, params)}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** The named field of a path: places in lists belong to their list. */
const fieldOf = (path: string): string =>
  path
    .split('.')
    .slice(0, /^(?:odk|callback)\./.test(path) ? 2 : 1)
    .join('.')
