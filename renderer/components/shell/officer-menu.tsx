import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { languageNames } from '../../i18n/start.ts'
import { type ColourScheme, languages, setColourScheme, setLanguage, usePreferences } from '../../state/preferences.ts'
import { useOfficer } from '../../state/session.ts'
import { showKeyMap } from '../shortcuts.tsx'
import classes from './shell.module.css'
import { useSignOut } from './sign-out.tsx'

const schemes: readonly { scheme: ColourScheme; icon: typeof IconSun }[] = [
  { scheme: 'light', icon: IconSun },
  { scheme: 'dark', icon: IconMoon },
  { scheme: 'auto', icon: IconDeviceDesktop },
]

/** Who is signed in, and the choices that are this person's: language, light or dark, sign out. */
export function OfficerMenu() {
  const { t } = useTranslation()
  const format = useFormat()
  const officer = useOfficer()
  const signOut = useSignOut()
  const { language, colourScheme } = usePreferences()
  const roles = format.list(officer.roles.map((role) => t(`roles.${role}`)))
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.officer} aria-label={t('officerMenu', { name: officer.name })}>
          <Avatar size={30} radius="xl" name={officer.name} color="spruce" variant="filled" aria-hidden />
          <span className={classes.officerWords}>
            <span className={classes.officerName}>
              <bdi>{officer.name}</bdi>
            </span>
            <span className={classes.officerRoles}>{roles}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} c="var(--office-ink)">
            <bdi>{officer.name}</bdi>
          </Text>
          {roles}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('appearance.title')}</Menu.Label>
        {schemes.map(({ scheme, icon: Picture }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Picture size={16} />}
            rightSection={colourScheme === scheme && <IconCheck size={14} />}
            onClick={() => setColourScheme(scheme)}
          >
            {t(`appearance.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('language')}</Menu.Label>
        {languages.map((tag) => (
          <Menu.Item
            key={tag}
            lang={tag}
            leftSection={<IconLanguage size={16} />}
            rightSection={language === tag && <IconCheck size={14} />}
            onClick={() => setLanguage(tag)}
          >
            {languageNames[tag]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={showKeyMap}>
          {t('keyMap.title')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
