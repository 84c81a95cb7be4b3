import { expect, test } from '@playwright/test'
import { type RunningOffice, startOffice } from './office.ts'

let office: RunningOffice
test.beforeAll(async () => {
  office = await startOffice()
})
test.afterAll(async () => {
  expect(await office.close()).toBe(0)
})

test('opens the screens by the launch link, within the policy and without a word to the outside', async ({ page }) => {
  const complaints: string[] = []
  const strangers: string[] = []
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== office.origin) strangers.push(request.url())
  })
  await page.goto(await office.newLink())
  await expect(page.locator('#office > *').first()).toBeAttached()
  await expect(page.getByRole('button').first()).toBeVisible()
  expect(page.url()).toMatch(new RegExp(`^${office.origin}/(#.*)?$`))
  expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] })
})

test('is closed to a browser that has no link', async ({ page }) => {
  const answer = await page.goto(office.origin)
  expect(answer?.status()).toBe(401)
})

test('lets a launch link work once, and stays open over a reload', async ({ browser }) => {
  const link = await office.newLink()
  const first = await browser.newPage()
  await first.goto(link)
  expect((await first.reload())?.status()).toBe(200)
  const second = await browser.newPage()
  expect((await second.goto(link))?.status()).toBe(401)
})

test('keeps the page from everything that the policy forbids', async ({ page }) => {
  await page.goto(await office.newLink())
  const outcome = await page.evaluate(async (origin) => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      violations.push(effectiveDirective),
    )
    const script = document.createElement('script')
    script.textContent = 'globalThis.broken = true'
    document.head.append(script)
    const style = document.createElement('style')
    style.textContent = 'body { display: none }'
    document.head.append(style)
    const frame = document.createElement('iframe')
    frame.src = `${origin}/`
    document.body.append(frame)
    const outside = await fetch('http://127.0.0.1:9/').then(
      () => 'reached',
      () => 'kept',
    )
    // Later, in a turn of the page's own: what the test driver runs itself is not bound by the policy.
    const evaluated = await new Promise<boolean>((resolve) =>
      setTimeout(() => {
        try {
          resolve(Boolean(new Function('return true')()))
        } catch {
          resolve(false)
        }
      }),
    )
    return { violations: violations.sort(), outside, evaluated, broken: 'broken' in globalThis }
  }, office.origin)
  expect(outcome).toMatchObject({ outside: 'kept', evaluated: false, broken: false })
  for (const directive of ['script-src-elem', 'style-src-elem', 'connect-src']) {
    expect(outcome.violations).toContain(directive)
  }
})
