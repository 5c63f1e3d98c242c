import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { describeWith, requireService } from '../support/services.ts';
import { type BuiltService, OUTPUT, startBuiltService, writeFileIn } from './built-service.ts';

const SCREENS = join(OUTPUT, 'screens');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

describeWith(['chromium'], 'the page Receivers in Chromium, on the built service with its city', () => {
  const folder = temporaryFolder();
  let service: BuiltService;
  let browser: Browser;

  async function pageOf(role: string): Promise<Page> {
    const [, password] = await service.process.line(new RegExp(`^  ${role} +(\\S+)$`));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${service.url}/login`);
    await page.locator('input').first().fill(role);
    await page.locator('input[type=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/live/);
    await page.goto(`${service.url}/receivers`);
    await page.getByTestId('receiver-row-north-mast').waitFor();
    return page;
  }

  /** Its first frame has come: how wide it sees is known. */
  const heard = (page: Page) => page.getByTestId('receiver-row-north-mast').getByText('98.088 – 99.112 MHz').waitFor();

  const violations = async (page: Page) => {
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
  };

  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    const config = writeFileIn(folder, 'bandwarden.yaml', 'dataDir: data\nhttp: { port: 0 }\nmqtt: { port: 0 }\n');
    service = await startBuiltService('--demo', '--config', config);
    browser = await chromium.launch({ executablePath: requireService('chromium'), args: FLAGS });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  it('tells how often each band is seen as one types, refuses what cannot be, and saves what can', async () => {
    const page = await pageOf('supervisor');
    await heard(page);
    await page.getByTestId('open-north-mast').click();
    await page.getByTestId('plan-edit').click();
    await page.getByTestId('band-low-0').fill('88');
    await page.getByTestId('band-high-0').fill('5000');
    const outline = page.getByTestId('plan-outline');
    await outline.getByText('Band 1 is beyond what this receiver tunes.').waitFor();
    expect(await page.getByTestId('plan-save').isDisabled()).toBe(true);
    await page.getByTestId('band-high-0').fill('108');
    await page.getByTestId('plan-usablePct').fill('100');
    // 20 MHz at 1.024 MS/s.
    await outline.getByText(/^20 steps; a round takes 1[0-9] s\.$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(SCREENS, 'receivers-plan.png') });
    await page.getByTestId('plan-save').click();
    await page.getByTestId('plan-table').getByText('88.000 – 108.000 MHz').waitFor();
    await page.getByTestId('holder').getByText('scan plan').waitFor();
    await page.getByText(/Step \d+ of 20/).waitFor();
  }, 90_000);

  it('tunes at once for an operator, counts down, and gives back to the plan', async () => {
    const page = await pageOf('operator');
    await page.getByTestId('open-north-mast').click();
    expect(await page.getByTestId('plan-edit').count()).toBe(0);
    await page.getByTestId('task-low').fill('98.6');
    await page.getByTestId('task-submit').click();
    await page.getByTestId('order').getByText('data of this tuning comes in').waitFor();
    await page
      .getByTestId('holder')
      .getByText(/operator, another 9:\d\d/)
      .waitFor();
    await page.screenshot({ path: join(SCREENS, 'receivers-task.png') });
    const second = await pageOf('officer');
    await second.getByTestId('open-north-mast').click();
    await second.getByText('operator (operator) holds this receiver.').waitFor();
    await second.close();
    await page.getByTestId('release').click();
    await page.getByTestId('holder').getByText('scan plan').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('receiver-detail').count()).toBe(0);
  }, 90_000);

  it('takes an approval back, and undoes that', async () => {
    const page = await pageOf('operator');
    await page.getByTestId('approve-harbour').click();
    const row = page.getByTestId('receiver-row-harbour');
    await row.getByText('refused').waitFor();
    await page.getByTestId('undo').click();
    await expect.poll(() => row.getByText('refused').count()).toBe(0);
  }, 60_000);

  it('offers an auditor nothing to change', async () => {
    const page = await pageOf('auditor');
    await page.getByTestId('open-north-mast').click();
    await page.getByTestId('plan-table').waitFor();
    for (const id of ['plan-edit', 'task-submit', 'mission-add', 'forget', 'approve-harbour']) {
      expect(await page.getByTestId(id).count(), id).toBe(0);
    }
    expect(await violations(page)).toEqual([]);
  }, 60_000);
});
