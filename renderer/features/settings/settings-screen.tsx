import { NavLink } from '@mantine/core'
import {
  type Icon,
  IconBuildingBank,
  IconBuildingCommunity,
  IconCloud,
  IconDatabaseExport,
  IconDeviceLaptop,
  IconEraser,
  IconId,
  IconInfoCircle,
  IconKey,
  IconLock,
  IconPackageImport,
  IconPalette,
  IconPhoneIncoming,
  IconSend,
  IconUsers,
} from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, Route, Routes, useLocation } from 'react-router'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { About } from './about.tsx'
import { Appearance } from './appearance.tsx'
import { BackupSettingsPage } from './backups.tsx'
import { Callbacks } from './callbacks.tsx'
import { CentralServer } from './central-form.tsx'
import { KeepingSettings } from './keeping.tsx'
import { Keys } from './keys.tsx'
import { ManagerPage } from './manager-page.tsx'
import { ManagersList } from './managers-list.tsx'
import { Moving } from './moving.tsx'
import { MyPin } from './my-pin.tsx'
import { OfficeSettings } from './office-settings.tsx'
import { OfficersList } from './officers-list.tsx'
import { Sending } from './sending.tsx'
import classes from './settings.module.css'
import { SignInSettings } from './sign-in-settings.tsx'
import { UpdatesPage } from './updates.tsx'

const sections: readonly { readonly path: string; readonly icon: Icon }[] = [
  { path: 'office', icon: IconBuildingCommunity },
  { path: 'officers', icon: IconUsers },
  { path: 'sign-in', icon: IconId },
  { path: 'pin', icon: IconLock },
  { path: 'managers', icon: IconBuildingBank },
  { path: 'sending', icon: IconSend },
  { path: 'central', icon: IconCloud },
  { path: 'callbacks', icon: IconPhoneIncoming },
  { path: 'backups', icon: IconDatabaseExport },
  { path: 'keeping', icon: IconEraser },
  { path: 'keys', icon: IconKey },
  { path: 'moving', icon: IconDeviceLaptop },
  { path: 'updates', icon: IconPackageImport },
  { path: 'appearance', icon: IconPalette },
  { path: 'about', icon: IconInfoCircle },
]

/** Everything below `/settings`. */
export default function SettingsScreen() {
  return (
    <Routes>
      <Route path="managers/:managerId" element={<ManagerPage />} />
      <Route path="*" element={<Sections />} />
    </Routes>
  )
}

function Sections() {
  const { t } = useTranslation('settings')
  const { pathname } = useLocation()
  const list = useRef<HTMLElement>(null)
  // In a narrow window the sections are one line that is longer than the window.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what changes which one is active
  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [pathname])
  return (
    <Screen>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <div className={classes.columns}>
        <nav ref={list} className={classes.sections} aria-label={t('title')}>
          {sections.map(({ path, icon: Picture }) => (
            <NavLink
              key={path}
              component={Link}
              to={`/settings/${path}`}
              active={pathname === `/settings/${path}`}
              aria-current={pathname === `/settings/${path}` ? 'page' : undefined}
              label={t(`sections.${path}`)}
              leftSection={<Picture size={17} stroke={1.75} aria-hidden />}
            />
          ))}
        </nav>
        <div className={classes.content}>
          <Routes>
            <Route path="office" element={<OfficeSettings />} />
            <Route path="officers" element={<OfficersList />} />
            <Route path="sign-in" element={<SignInSettings />} />
            <Route path="pin" element={<MyPin />} />
            <Route path="managers" element={<ManagersList />} />
            <Route path="sending" element={<Sending />} />
            <Route path="central" element={<CentralServer />} />
            <Route path="callbacks" element={<Callbacks />} />
            <Route path="backups" element={<BackupSettingsPage />} />
            <Route path="keeping" element={<KeepingSettings />} />
            <Route path="keys" element={<Keys />} />
            <Route path="moving" element={<Moving />} />
            <Route path="updates" element={<UpdatesPage />} />
            <Route path="appearance" element={<Appearance />} />
            <Route path="about" element={<About />} />
            <Route path="*" element={<Navigate to="/settings/office" replace />} />
          </Routes>
        </div>
      </div>
    </Screen>
  )
}
