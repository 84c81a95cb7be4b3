import { Button, Center, Code, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { IconBandage } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'

/**
 * A screen broke. It says what is safe: everything confirmed lies in the store, and the core goes on sending without the
 * screens. The technical text is for a report and carries no data of people.
 */
export function CrashScreen({ inShell = false }: { inShell?: boolean }) {
  const { t } = useTranslation()
  const error = useRouteError()
  const [shown, setShown] = useState(false)
  const technical = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error)
  return (
    <Center mih={inShell ? '100%' : '100dvh'} p="lg">
      <Stack maw={520} gap="sm" role="alert">
        <IconBandage size={36} stroke={1.25} color="var(--mantine-color-brick-6)" aria-hidden />
        <Title order={1}>{t('crash.title')}</Title>
        <Text>{t('crash.safe')}</Text>
        <Text c="dimmed">{t('crash.unsaved')}</Text>
        <Group>
          <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
          <Button
            variant="default"
            onClick={() => {
              location.hash = '#/'
              location.reload()
            }}
          >
            {t('notFound.home')}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setShown(!shown)} aria-expanded={shown}>
            {t('crash.technical')}
          </Button>
        </Group>
        <Collapse expanded={shown}>
          <Code block dir="ltr">
            {technical}
          </Code>
        </Collapse>
      </Stack>
    </Center>
  )
}
