import { Burger, Drawer, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { IconPlugConnectedX, IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useNavigate } from 'react-router'
import { useLiveAnswers } from '../../api/provider.tsx'
import type { Feature } from '../../features/feature.ts'
import { features } from '../../features/index.ts'
import { useReplicaWhileSignedIn } from '../../replica/while-signed-in.ts'
import { useConnectivity } from '../../state/connectivity.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useMaySee } from '../../state/session.ts'
import { RefusedEdits } from '../edits/refused-edits.tsx'
import { KeyboardShortcuts, ShortcutKeys, useShortcut } from '../shortcuts.tsx'
import { CentralChip } from './central-chip.tsx'
import { CommandPalette } from './command-palette.tsx'
import { OfficerMenu } from './officer-menu.tsx'
import { Rail } from './rail.tsx'
import { RetiredAlarm } from './retired-alarm.tsx'
import classes from './shell.module.css'
import { StatusChip } from './status-chip.tsx'
import { TrainingRibbon } from './training-ribbon.tsx'
import { UpkeepAlarm } from './upkeep-alarm.tsx'

/** The frame around every screen of a signed-in officer: rail, top bar, training ribbon, palette, keys. */
export function Shell() {
  const { t } = useTranslation('navigation')
  const railFolded = usePreferences((preferences) => preferences.railFolded)
  const narrow = useMediaQuery('(max-width: 60em)', undefined, { getInitialValueInEffect: false })
  const [drawer, setDrawer] = useState(false)
  const main = useRef<HTMLElement>(null)
  const coreDown = useConnectivity((connectivity) => !connectivity.coreUp && connectivity.coreDownSince !== undefined)
  useLiveAnswers()
  useReplicaWhileSignedIn()
  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        {t('skipToContent')}
      </button>
      <TrainingRibbon />
      <div className={classes.columns}>
        {!narrow && <Rail folded={railFolded} />}
        <div className={classes.column}>
          <header className={classes.top}>
            {narrow && (
              <Burger size="sm" opened={drawer} onClick={() => setDrawer(true)} aria-label={t('openSections')} />
            )}
            <UnstyledButton className={classes.search} onClick={spotlight.open} aria-label={t('palette.title')}>
              <IconSearch size={16} aria-hidden />
              <span className={classes.searchWord}>{t('palette.placeholder')}</span>
              <span className={classes.searchKeys}>
                <ShortcutKeys keys="mod+k" />
              </span>
            </UnstyledButton>
            <div className={classes.topEnd}>
              <CentralChip />
              <StatusChip />
              <OfficerMenu />
            </div>
          </header>
          {coreDown && (
            <div className={classes.coreDown} role="alert">
              <IconPlugConnectedX size={16} aria-hidden />
              {t('common:core.lost')}
            </div>
          )}
          <RetiredAlarm />
          <UpkeepAlarm />
          <RefusedEdits />
          <main ref={main} tabIndex={-1} className={classes.main}>
            <Outlet />
          </main>
        </div>
      </div>
      <Drawer
        opened={drawer}
        onClose={() => setDrawer(false)}
        size={264}
        padding={0}
        withCloseButton={false}
        aria-label={t('sections')}
        classNames={{ body: classes.drawerBody ?? '' }}
      >
        <Rail folded={false} inDrawer onChoose={() => setDrawer(false)} />
      </Drawer>
      <CommandPalette />
      <KeyboardShortcuts />
      {features.map((feature) => (
        <GoKey key={feature.path} feature={feature} />
      ))}
    </div>
  )
}

/** `g` and the section's letter lead there. */
function GoKey({ feature }: { feature: Feature }) {
  const { t } = useTranslation('navigation')
  const navigate = useNavigate()
  const may = useMaySee(...feature.roles)
  useShortcut(
    {
      keys: `g ${feature.goKey}`,
      label: t('goTo', { section: t(feature.label) }),
      run: () => void navigate(`/${feature.path}`),
    },
    may,
  )
  return null
}
