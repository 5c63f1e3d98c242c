import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { describeWith, requireService } from '../support/services.ts';
import { type BuiltService, OUTPUT, startBuiltService, writeFileIn } from './built-service.ts';

const SCREENS = join(OUTPUT, 'screens');
const PASSWORD = 'correct horse battery';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** The waterfall's own pixels, without what lies over them, now and some rows later. */
async function twoPictures(page: Page): Promise<[string, string]> {
  const read = () =>
    page.getByTestId('waterfall').evaluate((canvas) => {
      return (canvas as unknown as { toDataURL(): string }).toDataURL();
    });
  const first = await read();
  await page.waitForTimeout(1500);
  return [first, await read()];
}

describeWith(['chromium'], 'the dashboard in Chromium, on the built service with its city', () => {
  const folder = temporaryFolder();
  let service: BuiltService;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    const config = writeFileIn(folder, 'bandwarden.yaml', 'dataDir: data\nhttp: { port: 0 }\nmqtt: { port: 0 }\n');
    service = await startBuiltService('--demo', '--config', config);
    browser = await chromium.launch({ executablePath: requireService('chromium'), args: FLAGS });
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Content-Security-Policy/.test(message.text())) problems.push(message.text());
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  it('makes the first account by the one-time link, and shows the live page after it', async () => {
    const [, link] = await service.process.line(/Make the first account.*?(http:\S+)/);
    await page.goto(link);
    const form = page.getByTestId('setup-form');
    await form.getByTestId('name').locator('input').or(form.locator('input').first()).first().fill('li');
    const passwords = form.locator('input[type=password]');
    await passwords.nth(0).fill(PASSWORD);
    await passwords.nth(1).fill(PASSWORD);
    await page.getByTestId('submit').first().click();
    await page.waitForURL(/\/live/);
    await page.getByTestId('receiver-north-mast').waitFor();
  }, 60_000);

  it('shows a waterfall that moves, and stands still while it is paused', async () => {
    await page.goto(`${service.url}/live?rx=north-mast`);
    await page.getByTestId('waterfall').waitFor();
    await page.waitForTimeout(4000);
    const [before, after] = await twoPictures(page);
    expect(after).not.toBe(before);
    await page.getByTestId('pause').click();
    await page.waitForTimeout(500);
    const [paused, still] = await twoPictures(page);
    expect(still).toBe(paused);
    await page.getByTestId('pause').click();
  }, 60_000);

  it("shows the pirate's alert as it comes, and opens it at a click", async () => {
    await page.goto(`${service.url}/alerts`);
    const row = page
      .getByTestId('alert-row')
      .filter({ hasText: /98\.(69|70)\d\d MHz/ })
      .first();
    await row.waitFor({ timeout: 60_000 });
    await row.click();
    await page
      .getByTestId('alert-detail')
      .getByText(/no assignment/i)
      .first()
      .waitFor();
    expect(page.url()).toMatch(/[?&]id=/);
    await page.screenshot({ path: join(SCREENS, 'alerts-en.png') });
  }, 90_000);

  it('lets a person acknowledge it with a note, and undo that', async () => {
    const detail = page.getByTestId('alert-detail');
    await detail.locator('textarea').first().fill('heard it on the roof');
    await page.getByTestId('acknowledge').click();
    await detail.getByText('heard it on the roof').first().waitFor();
    await page.getByTestId('reopen').click();
    await page.getByTestId('acknowledge').waitFor();
  }, 60_000);

  it('shows the pirate among the broadcasters on the live page', async () => {
    await page.goto(`${service.url}/live?rx=north-mast`);
    await page.getByTestId('waterfall').waitFor();
    await page.waitForTimeout(20_000);
    await page.screenshot({ path: join(SCREENS, 'live-en.png') });
  }, 60_000);

  it('speaks Chinese', async () => {
    await page.getByTestId('language').first().click();
    await expect.poll(() => page.locator('html').getAttribute('lang')).toMatch(/^zh/);
    await page.screenshot({ path: join(SCREENS, 'alerts-zh.png') });
    await page.goto(`${service.url}/live?rx=north-mast`);
    await page.getByTestId('waterfall').waitFor();
    await page.waitForTimeout(3000);
    await page.screenshot({ path: join(SCREENS, 'live-zh.png') });
    await page.goto(`${service.url}/receivers`);
    await page.getByTestId('receiver-row-airport').waitFor();
    await page.screenshot({ path: join(SCREENS, 'receivers-zh.png') });
  }, 60_000);

  it.each(['/live', '/alerts', '/receivers', '/login'])(
    'has no accessibility violation on %s',
    async (path) => {
      await page.goto(`${service.url}${path}`);
      await page.waitForTimeout(1500);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)).toEqual([]);
    },
    60_000,
  );

  it('keeps within its content security policy, and throws nothing', () => {
    expect(problems).toEqual([]);
  });
});
