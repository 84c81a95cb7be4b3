import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { build, type PreviewServer, preview } from 'vite'

/* The pieces that every screen is made of, in a real browser over made-up rows (`test/renderer/kit-page`). */

let server: PreviewServer
let origin = ''

test.beforeAll(async () => {
  // Two workers build at the same time; each needs a place of its own.
  const outDir = resolve(`out/test/kit-${test.info().parallelIndex}`)
  const common = { configFile: false, root: resolve('test/renderer/kit-page'), logLevel: 'error' } as const
  await build({ ...common, plugins: [react()], build: { outDir, emptyOutDir: true, target: 'esnext' } })
  server = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })
  origin = server.resolvedUrls?.local[0] ?? ''
})
test.afterAll(() => server.close())

test('a table of 200,000 rows shows only what is under the eye and reaches the last row', async ({ page }) => {
  await page.goto(origin)
  const grid = page.getByRole('grid', { name: 'Registrants' })
  await expect(grid.getByText('RG-0', { exact: true })).toBeVisible()
  await expect(page.getByText('200,000 rows')).toBeVisible()
  expect(await grid.getByRole('row').count()).toBeLessThan(60)
  await grid.focus()
  await page.keyboard.press('End')
  await expect(grid.getByText('RG-199999', { exact: true })).toBeVisible()
  await page.keyboard.press('Home')
  await expect(grid.getByText('RG-0', { exact: true })).toBeVisible()
})

test('rows are reached, opened and chosen by keys alone', async ({ page }) => {
  await page.goto(origin)
  const grid = page.getByRole('grid', { name: 'Registrants' })
  await expect(grid.getByText('RG-0', { exact: true })).toBeVisible()
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-opened]')).toHaveText('person-2')
  await page.keyboard.press(' ')
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+ ')
  await expect(page.getByText('4 chosen')).toBeVisible()
  await page.keyboard.press('Control+a')
  await expect(page.getByText('200,000 chosen')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('200,000 rows')).toBeVisible()
})

test('a search starts while typing, and tells an empty list from a broken one', async ({ page }) => {
  await page.goto(origin)
  await expect(page.getByText('200,000 rows')).toBeVisible()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('almaz')
  await expect(page.getByText('37 rows')).toBeVisible()
  await page.getByRole('searchbox').fill('nobody')
  await expect(page.getByText('Nothing here')).toBeVisible()
  await page.getByRole('searchbox').fill('broken')
  await expect(page.locator('[data-fault="store.damaged"]')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
})

test('a heading turns the order around', async ({ page }) => {
  await page.goto(origin)
  const heading = page.getByRole('columnheader', { name: 'Name' })
  await heading.getByRole('button').click()
  await expect(heading).toHaveAttribute('aria-sort', 'ascending')
  await heading.getByRole('button').click()
  await expect(heading).toHaveAttribute('aria-sort', 'descending')
  await expect(page.getByText('RG-199999', { exact: true })).toBeVisible()
})

test('in a narrow window rows become cards and nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const query of ['', '?language=ar', '?page=pieces', '?page=pieces&language=ar']) {
    await page.goto(origin + query)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const surplus = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(surplus, query).toBeLessThanOrEqual(0)
  }
})

test('the PIN dialog keeps asking until the deed is done', async ({ page }) => {
  await page.goto(`${origin}?page=pieces`)
  await page.getByRole('button', { name: 'Ask PIN' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve batch 7' })
  await dialog.getByLabel('PIN of Samir Haddad').fill('1111')
  await page.keyboard.press('Enter')
  await expect(dialog.locator('[data-fault="identity.wrong-pin"]')).toBeVisible()
  await expect(dialog.getByLabel('PIN of Samir Haddad')).toHaveValue('')
  await page.keyboard.type('2468')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.locator('output')).toHaveText('signed')
})

test('a dangerous deed is not one Enter away', async ({ page }) => {
  await page.goto(`${origin}?page=pieces`)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel' }).last()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('output')).toHaveText('confirmed false')
})

test('a sealed value is shown on request', async ({ page }) => {
  await page.goto(`${origin}?page=pieces`)
  await expect(page.getByText('•••• 4821')).toBeVisible()
  await page.getByRole('button', { name: 'Show account number (this is recorded)' }).click()
  await expect(page.getByText('1000 2233 4821')).toBeVisible()
})
