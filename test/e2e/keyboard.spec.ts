import { expect, type Locator } from '@playwright/test'
import { test } from './desk-test.ts'
import { startOffice } from './office.ts'
import { Batches } from './pages/batches.ts'
import { Desk, type TrainingOfficer, trainingOfficers } from './pages/desk.ts'
import { words } from './pages/words.ts'

/** Goes there with the Tab key, as somebody without a mouse has to. */
async function tabTo(desk: Desk, target: Locator): Promise<void> {
  await target.waitFor()
  for (let step = 0; step < 90; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await desk.page.keyboard.press('Tab')
  }
  throw new Error('the Tab key does not lead there')
}

async function press(desk: Desk, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(desk, target)
  await desk.page.keyboard.press(key)
}

async function signInByKeys(desk: Desk, officer: TrainingOfficer): Promise<void> {
  const { name, pin } = trainingOfficers[officer]
  await press(desk, desk.page.getByRole('button', { name }))
  await expect(desk.page.getByLabel('PIN', { exact: true })).toBeFocused()
  await desk.page.keyboard.type(pin)
  await desk.page.keyboard.press('Enter')
  await desk.officerMenu(officer).waitFor()
}

/** To the list of batches by its keys. */
async function goToBatches(desk: Desk): Promise<void> {
  const title = desk.page.getByRole('heading', { level: 1, name: words('batches:list.title') })
  // The second key counts only while the first is fresh: nothing is waited for between them.
  await Promise.all([desk.page.keyboard.press('g'), desk.page.keyboard.press('b')])
  await title.waitFor()
}

/** Into the first row of the list of batches. */
async function openFirstBatch(desk: Desk): Promise<void> {
  const grid = desk.grid('batches:list.title')
  await goToBatches(desk)
  await expect(grid).toHaveAttribute('aria-busy', 'false')
  await press(desk, grid)
  await desk.button('batches:actions.more').waitFor()
}

async function typePin(desk: Desk, officer: TrainingOfficer): Promise<void> {
  await expect(desk.page.getByRole('dialog').last().locator('input[type="password"]')).toBeFocused()
  await desk.page.keyboard.type(trainingOfficers[officer].pin)
  await desk.page.keyboard.press('Enter')
}

test('a batch is prepared, submitted, approved and sent without a mouse', async ({ browser }) => {
  const office = await startOffice()
  try {
    const clerk = await Desk.open(browser, office)
    await press(clerk, clerk.page.getByRole('button', { name: /^Training office/ }))
    await signInByKeys(clerk, 'clerk')
    await goToBatches(clerk)
    await clerk.page.keyboard.press('n')
    await press(clerk, clerk.page.getByRole('link', { name: words('batches:choose.open') }))
    await press(clerk, clerk.button('batches:plan.prepare'))
    await clerk.page.getByText(words('batches:prepare.done')).waitFor()
    await openFirstBatch(clerk)
    await clerk.page.keyboard.press('Control+Enter')
    const submit = clerk.dialog().getByRole('button', { name: words('batches:submit.confirm') })
    await expect(submit).toBeEnabled()
    await press(clerk, submit)
    await new Batches(clerk).state('submitted').waitFor()

    const approver = await Desk.open(browser, office)
    await approver.page.getByRole('heading', { name: words('sign-in:pick.title') }).waitFor()
    await signInByKeys(approver, 'approver')
    await openFirstBatch(approver)
    await approver.page.keyboard.press('Control+Enter')
    const reviewing = new Batches(approver)
    for (const part of ['figures', 'preflight', 'changes']) {
      const box = approver.dialog().getByRole('checkbox', { name: words(`batches:review.seen.${part}`) })
      await expect(box).toBeEnabled()
      await press(approver, box, ' ')
    }
    await press(approver, reviewing.approveButton())
    await typePin(approver, 'approver')
    await reviewing.state('approved').waitFor()

    await clerk.page.keyboard.press('Control+Enter')
    await typePin(clerk, 'clerk')
    await clerk.page.getByText(words('batches:send.done')).first().waitFor()
  } finally {
    expect(await office.close()).toBe(0)
  }
})
