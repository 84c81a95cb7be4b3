import { expect } from '@playwright/test'
import { test } from './desk-test.ts'
import { HeldCalls } from './held-calls.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { Desk } from './pages/desk.ts'
import { words } from './pages/words.ts'

/* Edits on their way to the office store: waited for or given up at sign-out, and kept in sight when they are refused. */

test.setTimeout(240_000)

let office: RunningOffice
test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
})

async function openClerk(browser: Parameters<typeof Desk.open>[0]) {
  const push = new HeldCalls('replica.push')
  const clerk = await Desk.open(browser, office, {}, (page) => push.watch(page))
  await clerk.enterTraining()
  await clerk.signIn('clerk')
  const { api, close } = await clerk.openApi()
  const { rows } = await api.registry.page.ask({
    kind: 'individual',
    offset: 0,
    limit: 1,
    order: { column: 'name', direction: 'asc' },
  })
  const id = rows[0]?.id ?? ''
  return { clerk, push, api, close, id }
}

async function editArea(desk: Desk, id: string, area: string): Promise<void> {
  const { page } = desk
  await desk.goTo(`/registrants/${id}`)
  await page.getByRole('button', { name: words('registrants:record.edit') }).click()
  const field = page
    .getByRole('textbox', { name: words('registrants:fields.area') })
    .or(page.getByRole('combobox', { name: words('registrants:fields.area') }))
  // Before the live copy is there, saving waits for the store's answer: no push that could be held.
  await page.locator('form[data-live="true"]').waitFor()
  await field.fill(area)
  await page.getByRole('button', { name: words('registrants:form.save') }).click()
}

async function askToLeave(clerk: Desk): Promise<void> {
  await clerk.officerMenu('clerk').click()
  await clerk.page.getByRole('menuitem', { name: words('common:signOut') }).click()
}

test('signing out waits for what has not reached the store, and goes on by itself when it has', async ({ browser }) => {
  const { clerk, push, close, id } = await openClerk(browser)
  push.hold()
  await editArea(clerk, id, 'Mekelle')
  await clerk.goTo('/')
  await askToLeave(clerk)
  const dialog = clerk.page.getByRole('dialog', { name: words('common:edits.leaving') })
  await expect(dialog.getByText('Mekelle')).toBeVisible()
  await dialog.getByRole('button', { name: words('common:edits.stay') }).click()
  await expect(clerk.officerMenu('clerk')).toBeVisible()
  await askToLeave(clerk)
  await expect(dialog).toBeVisible()
  push.letGo()
  await clerk.page.getByRole('heading', { name: words('sign-in:pick.title') }).waitFor()
  close()
  await clerk.signIn('clerk')
  const again = await clerk.openApi()
  expect((await again.api.registry.record.ask({ id })).view.area).toBe('Mekelle')
  again.close()
  expect(clerk.complaints).toEqual([])
})

test('edits that are given up are not told as lost', async ({ browser }) => {
  const { clerk, push, close, id } = await openClerk(browser)
  push.hold()
  await editArea(clerk, id, 'Mekelle')
  await clerk.goTo('/')
  await askToLeave(clerk)
  await clerk.button('common:edits.giveUp').click()
  await clerk.page.getByRole('heading', { name: words('sign-in:pick.title') }).waitFor()
  await expect(clerk.page.getByRole('alert')).toHaveCount(0)
  close()
})

test('a refused edit stays in sight with both values until the officer writes it again or lets it go', async ({
  browser,
}) => {
  const { clerk, push, api, close, id } = await openClerk(browser)
  push.hold()
  await editArea(clerk, id, 'Mekelle')
  await push.caught()
  await clerk.goTo('/')
  const { view } = await api.registry.record.ask({ id })
  await api.registry.edit.run({ id, base: view.changedAt, facts: { area: 'Gondar' } })
  push.letGo()
  await clerk.button('common:edits.look').click()
  const list = clerk.page.getByRole('dialog', { name: words('common:edits.title') })
  await expect(list.getByText(words('common:edits.mine', { value: 'Mekelle' }))).toBeVisible()
  await expect(list.getByText(words('common:edits.theirs', { value: 'Gondar' }))).toBeVisible()
  await expect(list.getByRole('link', { name: view.name })).toBeVisible()
  await list.getByRole('button', { name: words('common:edits.tryAgain') }).click()
  await expect(clerk.button('common:edits.look')).toBeHidden()
  await expect.poll(async () => (await api.registry.record.ask({ id })).view.area).toBe('Mekelle')
  close()
})
