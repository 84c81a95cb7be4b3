import { Tooltip } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { features } from '../../features/index.ts'
import { setRailFolded } from '../../state/preferences.ts'
import { useSession } from '../../state/session.ts'
import { Logo } from '../../theme/logo.tsx'
import classes from './shell.module.css'

interface RailProps {
  /** Icons only. */
  folded: boolean
  /** Called when a section was chosen, so that the drawer can close. */
  onChoose?: () => void
  /** The drawer has no fold button. */
  inDrawer?: boolean
}

/** The sections of the office that this officer may open. */
export function Rail({ folded, onChoose, inDrawer = false }: RailProps) {
  const { t } = useTranslation('navigation')
  const { officer, officeName, training } = useSession()
  const roles = officer?.roles ?? []
  const mine = features.filter(
    (feature) => feature.roles.length === 0 || feature.roles.some((role) => roles.includes(role)),
  )
  const entry = ({ path, label, icon: Picture }: (typeof mine)[number]) => (
    <li key={path}>
      <Tooltip label={t(label)} position="right" disabled={!folded}>
        <NavLink
          to={`/${path}`}
          end={path === ''}
          className={classes.entry ?? ''}
          {...(onChoose ? { onClick: onChoose } : {})}
        >
          <Picture size={19} stroke={1.75} aria-hidden />
          <span className={folded ? classes.hiddenWord : undefined}>{t(label)}</span>
        </NavLink>
      </Tooltip>
    </li>
  )
  const foldWord = folded ? t('unfold') : t('fold')
  return (
    <nav className={classes.rail} data-folded={folded || undefined} aria-label={t('sections')}>
      <div className={classes.brand}>
        <Logo size={30} onDark />
        {!folded && (
          <div className={classes.brandWords}>
            <span className={classes.brandName}>{t('common:appName')}</span>
            <span className={classes.officeName}>{training ? t('common:training.name') : officeName}</span>
          </div>
        )}
      </div>
      <ul className={classes.entries}>{mine.filter(({ atEnd }) => !atEnd).map(entry)}</ul>
      <ul className={classes.entries} data-end>
        {mine.filter(({ atEnd }) => atEnd).map(entry)}
        {!inDrawer && (
          <li>
            <Tooltip label={foldWord} position="right" disabled={!folded}>
              <button
                type="button"
                className={classes.entry}
                aria-label={foldWord}
                onClick={() => setRailFolded(!folded)}
              >
                {folded ? (
                  <IconLayoutSidebarLeftExpand size={19} stroke={1.75} className={classes.mirrored} aria-hidden />
                ) : (
                  <IconLayoutSidebarLeftCollapse size={19} stroke={1.75} className={classes.mirrored} aria-hidden />
                )}
                {!folded && <span>{foldWord}</span>}
              </button>
            </Tooltip>
          </li>
        )}
      </ul>
    </nav>
  )
}
