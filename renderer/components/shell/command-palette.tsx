import { Spotlight, spotlight } from '@mantine/spotlight'
import {
  IconArrowRight,
  IconFileSearch,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { features } from '../../features/index.ts'
import { setColourScheme } from '../../state/preferences.ts'
import { useSession } from '../../state/session.ts'
import { ShortcutKeys, showKeyMap, useShortcut } from '../shortcuts.tsx'
import { useSignOut } from './sign-out.tsx'

interface Command {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly keys?: string
  readonly run: () => void
}

/** Shortest text for which records are looked up. */
const SHORTEST = 2

/** Everything by typing: sections, deeds, and the records that features find. Ctrl+K. */
export function CommandPalette() {
  const { t } = useTranslation('navigation')
  const api = useApi()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const roles = useSession((session) => session.officer?.roles ?? noRoles)
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const mine = features.filter(
    (feature) => feature.roles.length === 0 || feature.roles.some((role) => roles.includes(role)),
  )
  useShortcut({ keys: 'mod+k', label: t('palette.title'), run: spotlight.open })

  const found = useQueries({
    queries: mine.flatMap(({ path, find }) =>
      find
        ? [
            {
              queryKey: ['find', path, wanted],
              enabled: wanted.length >= SHORTEST,
              queryFn: async ({ signal }: { signal: AbortSignal }) => (await find()).default(api, wanted, signal),
              staleTime: 10_000,
            },
          ]
        : [],
    ),
  }).flatMap(({ data }) => data ?? [])

  const commands: Command[] = [
    ...mine.map(({ path, label, icon: Picture, goKey }) => ({
      id: `go ${path}`,
      label: t(label),
      icon: <Picture size={18} stroke={1.75} />,
      keys: `g ${goKey}`,
      run: () => void navigate(`/${path}`),
    })),
    { id: 'light', label: t('palette.light'), icon: <IconSun size={18} />, run: () => setColourScheme('light') },
    { id: 'dark', label: t('palette.dark'), icon: <IconMoon size={18} />, run: () => setColourScheme('dark') },
    { id: 'keys', label: t('common:keyMap.title'), icon: <IconKeyboard size={18} />, keys: '?', run: showKeyMap },
    { id: 'sign-out', label: t('common:signOut'), icon: <IconLogout size={18} />, run: () => void signOut() },
  ]
  const matching = commands.filter(({ label }) => label.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()))
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={null}
      maxHeight="70vh"
      scrollable
      radius="md"
      centered={false}
      yOffset={90}
      overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} />}
      />
      <Spotlight.ActionsList>
        {matching.length === 0 && found.length === 0 && <Spotlight.Empty>{t('palette.none')}</Spotlight.Empty>}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.records')}>
            {found.map(({ id, title, detail, to }) => (
              <Spotlight.Action
                key={id}
                label={title}
                {...(detail === undefined ? {} : { description: detail })}
                leftSection={<IconFileSearch size={18} />}
                onClick={() => void navigate(to)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {matching.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.commands')}>
            {matching.map(({ id, label, icon, keys, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                leftSection={icon}
                rightSection={keys ? <ShortcutKeys keys={keys} /> : <IconArrowRight size={14} />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

const noRoles: readonly never[] = []
