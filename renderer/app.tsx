import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { type ReactNode, useEffect } from 'react'
import { createHashRouter, type RouteObject } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { ApiProvider } from './api/provider.tsx'
import { DialogsProvider } from './components/dialogs.tsx'
import { CrashScreen } from './components/shell/crash-screen.tsx'
import { FeatureScreen } from './components/shell/feature-screen.tsx'
import { NotFound } from './components/shell/not-found.tsx'
import { OfficeFrame } from './components/shell/office-frame.tsx'
import { features } from './features/index.ts'
import { SignInGate } from './features/sign-in/sign-in-gate.tsx'
import { directionOf } from './i18n/start.ts'
import { usePreferences } from './state/preferences.ts'
import { cssVariables, styleNonce, theme } from './theme/theme.ts'

const featureRoutes: RouteObject[] = features.map((feature) => ({
  ...(feature.path === '' ? { index: true } : { path: `${feature.path}/*` }),
  element: <FeatureScreen key={feature.path} feature={feature} />,
  errorElement: <CrashScreen inShell />,
}))

const router = createHashRouter([
  {
    element: (
      <DialogsProvider>
        <SignInGate>
          <OfficeFrame />
        </SignInGate>
      </DialogsProvider>
    ),
    errorElement: <CrashScreen />,
    children: [...featureRoutes, { path: '*', element: <NotFound /> }],
  },
])

/** The whole of the screens: look, language, door to the core, then sign-in or the office. */
export function App() {
  const { colourScheme } = usePreferences()
  const system = useColorScheme('light', { getInitialValueInEffect: false })
  return (
    <DirectionProvider initialDirection={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        forceColorScheme={colourScheme === 'auto' ? system : colourScheme}
        getStyleNonce={styleNonce}
      >
        <Directed>
          <Notifications position="bottom-right" limit={4} className="office-screen-only" />
          <ApiProvider>
            <RouterProvider router={router} />
          </ApiProvider>
        </Directed>
      </MantineProvider>
    </DirectionProvider>
  )
}

/** Turns the components' direction with the language. */
function Directed({ children }: { children: ReactNode }) {
  const language = usePreferences((preferences) => preferences.language)
  const { setDirection } = useDirection()
  useEffect(() => setDirection(directionOf(language)), [language, setDirection])
  return children
}
