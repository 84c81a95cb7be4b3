import { Badge, Tabs } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { useFormat } from '../i18n/format.ts'

interface CountedTabsProps<Key extends string> {
  readonly tabs: readonly { readonly key: Key; readonly icon: Icon }[]
  /** How much waits for somebody on a tab; nothing is shown for none. */
  readonly counts: Readonly<Partial<Record<Key, number>>>
  /** The translated word of a tab. */
  readonly wordOf: (key: Key) => string
}

/** The row of tabs over a screen, each with its picture and what waits there. */
export function CountedTabs<Key extends string>({ tabs, counts, wordOf }: CountedTabsProps<Key>) {
  const format = useFormat()
  return (
    <Tabs.List mb="md">
      {tabs.map(({ key, icon: Picture }) => {
        const count = counts[key] ?? 0
        return (
          <Tabs.Tab
            key={key}
            value={key}
            leftSection={<Picture size={16} aria-hidden />}
            rightSection={
              count > 0 && (
                <Badge size="sm" color="ochre" variant="light">
                  {format.number(count)}
                </Badge>
              )
            }
          >
            {wordOf(key)}
          </Tabs.Tab>
        )
      })}
    </Tabs.List>
  )
}
