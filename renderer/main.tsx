import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/page.css'
import './theme/print.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startLanguages } from './i18n/start.ts'

await startLanguages()
const place = document.getElementById('office')
if (!place) throw new Error('the page has no place for the office')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
