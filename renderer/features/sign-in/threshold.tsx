import { Group, Loader, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames } from '../../i18n/start.ts'
import { languages, setLanguage, usePreferences } from '../../state/preferences.ts'
import { Logo } from '../../theme/logo.tsx'
import classes from './threshold.module.css'

interface ThresholdProps {
  children?: ReactNode
  training?: boolean
  officeName?: string
  /** The core has not answered yet. */
  waiting?: boolean
}

/** What stands before the office: the mark and a promise on one side, the one step to take on the other. */
export function Threshold({ children, training = false, officeName = '', waiting = false }: ThresholdProps) {
  const { t } = useTranslation('sign-in')
  const language = usePreferences((preferences) => preferences.language)
  useEffect(() => {
    document.title = t('common:appName')
  }, [t])
  return (
    <div className={classes.threshold}>
      <aside className={classes.side}>
        <Group gap="sm">
          <Logo size={40} onDark />
          <span className={classes.name}>{t('common:appName')}</span>
        </Group>
        <div className={classes.promise}>
          <p className={classes.lead}>{t('promise.lead')}</p>
          <p>{t('promise.detail')}</p>
        </div>
        <Rows />
      </aside>
      <main className={classes.main}>
        <div className={classes.language}>
          <Menu position="bottom-end">
            <Menu.Target>
              <UnstyledButton className={classes.languageButton} aria-label={t('common:language')}>
                <IconLanguage size={17} aria-hidden />
                {languageNames[language]}
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              {languages.map((tag) => (
                <Menu.Item key={tag} lang={tag} onClick={() => setLanguage(tag)}>
                  {languageNames[tag]}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
        <div className={classes.step}>
          {training && (
            <div className={classes.training} data-training>
              <strong>{t('common:training.name')}</strong> {t('common:training.meaning')}
            </div>
          )}
          {officeName && !training && (
            <Text c="dimmed" fw={600} mb={4}>
              <bdi>{officeName}</bdi>
            </Text>
          )}
          {waiting ? (
            <Group role="status">
              <Loader size="sm" />
              <VisuallyHidden>{t('common:loading')}</VisuallyHidden>
            </Group>
          ) : (
            children
          )}
        </div>
      </main>
    </div>
  )
}

/** A quiet drawing of ledger rows, some of them settled. */
function Rows() {
  const rows = [38, 62, 50, 74, 44, 58, 66]
  return (
    <svg className={classes.rows} viewBox="0 0 320 196" aria-hidden="true" focusable="false">
      {rows.map((width, row) => (
        <g key={`${width}`} transform={`translate(0 ${row * 28})`} opacity={1 - row * 0.11}>
          <circle cx="8" cy="9" r="6" fill={row < 3 ? '#e2a52a' : 'none'} stroke="#e2a52a" strokeWidth="1.5" />
          <rect x="28" y="4" width={width * 1.7} height="10" rx="5" fill="#ffffff" opacity="0.22" />
          <rect x="236" y="4" width={40 + ((width * 7) % 40)} height="10" rx="5" fill="#ffffff" opacity="0.14" />
        </g>
      ))}
    </svg>
  )
}
