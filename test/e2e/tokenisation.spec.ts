import { expect } from '@playwright/test'
import { test } from './desk-test.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { Desk } from './pages/desk.ts'
import { Tokens } from './pages/tokens.ts'
import { words } from './pages/words.ts'

/* The training office has a token seeder: from an administrator's first connector to tokens on the records. */

test.setTimeout(180_000)

let office: RunningOffice
let desk: Desk | undefined

test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  const said = desk === undefined ? [] : [...desk.complaints, ...desk.strangers]
  desk = undefined
  expect(await office.close()).toBe(0)
  expect(said).toEqual([])
})

const SEEDER_COMES_UP = 60_000

test('a connector is set up, tried, started, and tokens take the place of VIDs; a clerk enters a VID that was wrong', async ({
  browser,
}) => {
  desk = await Desk.open(browser, office)
  const { page } = desk
  await desk.enterTraining()
  await desk.signIn('administrator')
  await desk.goTo('/tokens/connectors')
  // The seeder of the training office comes up beside the first work.
  await expect(page.locator('[data-connector]').first()).toBeVisible({ timeout: SEEDER_COMES_UP })

  await test.step('set up', async () => {
    await page.getByRole('link', { name: words('tokenisation:connectors.new') }).click()
    await page.locator('[data-preset="registry-once"]').click()
    await desk?.button('common:next').click()
    // Nobody goes on without a name.
    await desk?.button('common:next').click()
    await expect(page.getByText(words('errors:tokenisation.value-needed'))).toBeVisible()
    await page.getByLabel(words('tokenisation:fields.name')).fill('Everybody once')
    await desk?.button('tokenisation:seederTest.ask').click()
    await expect(page.getByText(words('tokenisation:seederTest.reached'))).toBeVisible()
    await expect(page.getByText(words('errors:tokenisation.value-needed'))).toHaveCount(0)
    for (const part of ['people', 'message', 'delivery'] as const) {
      await desk?.button('common:next').click()
      await expect(page.getByRole('heading', { name: words(`tokenisation:parts.${part}`) })).toBeVisible()
    }
    await desk?.button('tokenisation:deliveryTest.ask').click()
    await expect(page.locator('[data-way="download"]')).toHaveAttribute('data-works', 'true')
    await expect(page.locator('[data-way="office"]')).toHaveAttribute('data-works', 'false')
    await desk?.button('common:next').click()
    await desk?.button('common:next').click()
    await desk?.button('tokenisation:trial.try').click()
    await expect(page.locator('[data-tried]')).toHaveCount(3)
    await expect(page.locator('[data-tried]').first()).toContainText('•••• ')
    await desk?.button('tokenisation:connectors.create').click()
    await desk?.dialog().getByLabel('PIN').fill(desk.pin)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Everybody once' })).toBeVisible()
  })

  await test.step('run', async () => {
    await desk?.button('tokenisation:connectors.start').click()
    await expect(page.locator('[data-state="completed"]')).toBeVisible({ timeout: 60_000 })
    await desk?.goTo('/tokens/runs')
    await page.locator('[data-run]').first().getByRole('link').click()
    await expect(page.locator('[data-state="done"]')).toBeVisible()
    await expect(page.locator('[data-person] [data-state="tokenised"]').first()).toBeVisible()
    await expect(page.locator('[data-person] [data-state="refused"]').first()).toBeVisible()
  })

  await test.step('a token instead of the VID', async () => {
    const tokenised = page.locator('[data-person]').filter({ has: page.locator('[data-state="tokenised"]') })
    await tokenised.first().getByRole('link').click()
    await expect(page.getByText('MOSIP UIN TOKEN', { exact: true })).toBeVisible()
    await expect(page.getByText('MOSIP VID', { exact: true })).toHaveCount(0)
  })

  await test.step('correct', async () => {
    await desk?.signOut()
    await desk?.signIn('clerk')
    await desk?.goTo('/tokens/correct')
    const enter = page.getByRole('button', { name: words('tokenisation:remedies.vidOf') })
    const waiting = page.locator('[data-person]').filter({ has: enter })
    const corrected = await waiting.first().getAttribute('data-person')
    await enter.first().click()
    await desk?.dialog().getByLabel(words('tokenisation:vid.label')).fill('1234 5678 9012 3456')
    await desk
      ?.dialog()
      .getByRole('button', { name: words('tokenisation:vid.save') })
      .click()
    // Nothing more is to be done about this person: the next run takes them.
    await expect(page.locator(`[data-person="${corrected}"]`)).toHaveCount(0)
  })

  await test.step('consent of several at once', async () => {
    await desk?.goTo('/tokens/consents')
    const people = page.locator('[data-person]')
    await expect(people.first()).toBeVisible()
    const before = await people.count()
    await people.nth(0).getByRole('checkbox').check()
    await people.nth(1).getByRole('checkbox').check()
    await desk?.button('tokenisation:consent.giveDeed').click()
    await desk
      ?.dialog()
      .getByRole('button', { name: words('tokenisation:consent.giveDeed') })
      .click()
    await expect(people).toHaveCount(before - 2)
  })

  await test.step('a run for people who are chosen', async () => {
    const people = page.locator('[data-person]')
    await people.nth(0).getByRole('checkbox').check()
    await desk?.button('tokenisation:consents.run').click()
    const [first] = await page.getByRole('menuitem').all()
    await first?.click()
    await expect(page.locator('[data-state="done"]')).toBeVisible({ timeout: 60_000 })
    // Nobody had asked this person, so nothing was sent.
    await expect(page.locator('[data-person] [data-state="skipped"]')).toHaveCount(1)
  })

  await test.step('a run without a line says what it waits for, and goes on', async () => {
    await desk?.cutLine(true)
    await new Tokens(desk as Desk).openConnector('training-registry-connector')
    await desk?.button('tokenisation:connectors.runNow').click()
    const waits = page.getByText(words('errors:http.line-down'))
    await expect(waits).toBeVisible()
    await desk?.cutLine(false)
    await expect(page.locator('[data-state="done"]')).toBeVisible({ timeout: 60_000 })
    await expect(waits).toHaveCount(0)
  })
})
