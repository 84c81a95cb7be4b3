import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/page.css'
import './theme/print.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startLanguages } from './i18n/start.ts'
import { styleNonce } from './theme/theme.ts'

await startLanguages()
// The scroll lock behind dialogs writes a style element of its own and looks for the page's nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
const place = document.getElementById('office')
if (!place) throw new Error('the page has no place for the office')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
