import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createConsumer, NonRetryableError } from '@slack-mcp/consumer';
import type { WorkerModule } from '@slack-mcp/slack';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { memoryBackend } from '../support/ingress-server.ts';
import { KEYS, OPERATE_KEY, type OpsServer, READ_KEY, startOpsServer } from '../support/ops-server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Refuses reactions until someone joins the team. */
const worker: WorkerModule = async (context) => {
  const consumer = createConsumer({ group: 'workers', ...context });
  let refuses = true;
  consumer.on('reaction_added', async () => {
    if (refuses) throw new NonRetryableError('no list for U012AB345');
  });
  consumer.on('team_join', async () => {
    refuses = false;
  });
  await consumer.start();
  return consumer;
};

const startServer = (): Promise<OpsServer> =>
  startOpsServer(memoryBackend(), worker, { ops: { keys: KEYS, console: true } });

/** Opens the console. The test fails if the page reports an error, sets a cookie, or asks for anything else. */
async function openConsole(browser: Browser, { url }: OpsServer, key?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    // The browser itself reports that the server refused a request.
    if (message.type() === 'error' && !message.text().includes('the server responded')) problems.push(message.text());
  });
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(`${url}/`) || target.includes(OPERATE_KEY) || target.includes(READ_KEY)) {
      problems.push(`requested ${target}`);
    }
  });
  onTestFinished(async () => {
    expect([problems, await context.cookies()]).toEqual([[], []]);
    await context.close();
  });
  await page.goto(`${url}/console`);
  if (key !== undefined) {
    await page.getByLabel('Key of the operations API').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: 'workers' }).waitFor();
  }
  return page;
}

/** The accessibility violations of the page in both colour schemes, and whether it is wider than a narrow screen. */
async function problemsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = (await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
         violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
    )) as string[];
    found.push(...violations.map((violation) => `${colorScheme} ${violation}`));
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const excess = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  if (excess > 0) found.push(`${excess} pixels too wide`);
  await page.setViewportSize({ width: 1280, height: 800 });
  return found;
}

const focused = (page: Page): Promise<unknown> => page.evaluate('document.activeElement.textContent');

describe('the console in a browser', { timeout: 240_000 }, async () => {
  const executablePath = await findChromium();
  if (executablePath === undefined) return test.skip('needs Chromium', () => undefined);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  afterAll(() => browser.close());

  test('asks for a key, and is used with the keyboard alone', async () => {
    const server = await startServer();
    const page = await openConsole(browser, server);
    expect(await problemsOf(page)).toEqual([]);
    await page.keyboard.type('a-wrong-key-of-16-chars');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').textContent()).toMatch(/A valid key is required/);
    await page.getByLabel('Key of the operations API').fill(READ_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: 'workers' }).waitFor();
    expect(await problemsOf(page)).toEqual([]);

    await page.reload();
    await page.getByRole('rowheader', { name: 'workers' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Groups');
    await page.getByRole('link', { name: 'Health' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'queue_backend' }).waitFor();
    expect(await focused(page)).toBe('Health');
    expect(await problemsOf(page)).toEqual([]);

    await page.getByRole('button', { name: 'Forget the key' }).click();
    await page.getByLabel('Key of the operations API').waitFor();
    expect(await page.evaluate('Object.values({ ...sessionStorage, ...localStorage })')).toEqual([]);
  });

  test('masks payloads, redrives what a dry run counted, and shows the timeline', async () => {
    const server = await startServer();
    const id = await server.event({ type: 'reaction_added' });
    await server.event({ type: 'reaction_added' });
    const page = await openConsole(browser, server, OPERATE_KEY);
    await page.getByRole('link', { name: 'Dead letters of workers: 2' }).click();
    await page.getByRole('button', { name: /^Show the dead letters of NonRetryableError: no list for …/ }).click();
    await page.getByRole('button', { name: `Payload of ${id}` }).click();
    const payload = page.getByLabel('Payload', { exact: true });
    expect(await payload.textContent()).toMatch(/"text": "•••"/);
    expect(await problemsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the texts' }).click();
    await page.getByText('Texts are shown.').waitFor();
    expect(await payload.textContent()).toMatch(/"text": "a private text"/);
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe(`Payload of ${id}`);

    await server.event({ type: 'team_join' });
    await page.getByRole('button', { name: /^Redrive / }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByRole('button', { name: 'Redrive 2 dead letters' }).click();
    await page.getByText('2 of 2 redriven').waitFor();
    await page.getByRole('status').filter({ hasText: 'The job completed: 2 dead letters redriven.' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('0 dead letters in 0 errors.').waitFor();
    await page.getByRole('cell', { name: 'completed' }).first().waitFor();
    expect(await problemsOf(page)).toEqual([]);

    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByLabel('Event or message id').fill(id);
    await page.getByRole('button', { name: 'Find' }).click();
    await expect
      .poll(() => page.locator('article').filter({ hasText: id }).locator('.timeline strong').allTextContents(), {
        timeout: 90_000,
      })
      .toEqual(expect.arrayContaining(['Received from Slack', 'Parked as a dead letter', 'Redriven', 'Handled']));
    expect(await problemsOf(page)).toEqual([]);
  });

  test('shows how many live steps are missing', async () => {
    const page = await openConsole(browser, await startServer(), READ_KEY);
    await page.route('**/ops/live', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'event: dropped\ndata: {"count":5}\n\n' }),
    );
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('row', { name: /^5 steps are missing/ }).waitFor();
    expect(await problemsOf(page)).toEqual([]);
  });

  test('shows live steps, pauses a group, and shows what a key may not do', async () => {
    const server = await startServer();
    const page = await openConsole(browser, server, OPERATE_KEY);
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByText('Waiting for events.').waitFor();
    const id = await server.event({ type: 'team_join' });
    await page.getByRole('row', { name: `Handled` }).filter({ hasText: id }).waitFor();
    expect(await problemsOf(page)).toEqual([]);

    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('button', { name: 'Pause group workers' }).click();
    await page.getByRole('button', { name: 'Resume group workers' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Group workers is paused.' }).waitFor();
    expect(await problemsOf(page)).toEqual([]);

    const reader = await openConsole(browser, server, READ_KEY);
    await reader.getByRole('button', { name: 'Resume group workers' }).click();
    expect(await reader.getByRole('alert').textContent()).toMatch(/may only read/);
  });
});
