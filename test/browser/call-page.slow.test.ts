import axe from 'axe-core';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test, type TestContext } from 'vitest';
import { openChromium } from '../../dev/browser/chromium.ts';
import { isDrawn } from '../../dev/browser/pages-from.ts';
import { WatchedPage } from '../../dev/browser/watched-page.ts';
import { saveCall } from '../../src/console/recording/save-call.ts';
import { usualMeans } from '../../src/console/recording/timeline-setup.ts';
import { callSid, recordCall } from '../calllog/recorded-call.ts';
import { until } from '../until.ts';
import { BrowserScene } from './browser-scene.ts';

/** Writes down every piece of sound that is started: how long it is, and how loud on either side. */
const listens = `
  window.pieces = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    const loudest = (side) => this.buffer.getChannelData(side).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    window.pieces.push({ samples: this.buffer.length, left: loudest(0), right: loudest(1) });
    return start.apply(this, when);
  };`;

interface Opened {
  readonly page: Page;
  readonly troubles: readonly string[];
}

const ways: readonly (readonly [string, (context: TestContext) => Promise<Opened>])[] = [
  [
    'that the service sends',
    async (context) => {
      const scene = await BrowserScene.open(context, { env: { RECORD_DIR: dirname(await recordCall(context)) } });
      await scene.page.addInitScript({ content: listens });
      return { page: await scene.goTo(`/call/${callSid}`), troubles: scene.troubles };
    },
  ],
  [
    'in a file of its own, on a dark and narrow screen',
    async (context) => {
      const path = await recordCall(context);
      const file = path.replace('.jsonl', '.html');
      await saveCall(path, 'file', file, usualMeans(null));
      const found = await openChromium();
      if ('missing' in found) return context.skip(found.missing);
      context.onTestFinished(() => found.browser.close());
      const viewer = await found.browser.newContext({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
      const { page, troubles } = new WatchedPage(await viewer.newPage(), 'file:///');
      await page.addInitScript({ content: listens });
      await page.goto(pathToFileURL(file).href);
      await isDrawn(page);
      return { page, troubles };
    },
  ],
];

describe.for(ways)('the page of a call %s', ([, open]) => {
  test('shows it, plays both sides from where it is clicked, comes closer, and shows lines of the log', async (context) => {
    const { page, troubles } = await open(context);
    expect(await page.locator('h1').textContent()).toBe(`Call ${callSid}`);
    await page.locator('.playhead').waitFor({ state: 'attached' });
    const facts = await page.locator('.facts').innerText();
    for (const words of ['caller hung up', '3.6 s', '820 ms', '1.3 s heard, 640 ms cleared'])
      expect(facts).toContain(words);
    expect(await faultsOf(page)).toEqual([]);

    const tracks = page.locator('.tracks');
    const { width } = (await tracks.boundingBox()) ?? { width: 0 };
    await tracks.click({ position: { x: width / 10, y: 60 } });
    await page.locator('.play', { hasText: 'Pause' }).waitFor();
    const [piece]: { samples: number; left: number; right: number }[] = await page.evaluate('window.pieces');
    expect(piece?.samples).toBeCloseTo(3_560 * 8 * 0.9, -3);
    expect(Math.min(piece?.left ?? 0, piece?.right ?? 0)).toBeGreaterThan(0.05);
    await until('it has played to the end', async () => (await clockMs(page)) === 3_560);
    await page.locator('.play', { hasText: 'Play' }).waitFor();

    await page.getByLabel('Zoom in').click();
    await spanIs(page, 1_780);
    await page.keyboard.press('+');
    await spanIs(page, 1_780 / 1.5);
    await tracks.hover({ position: { x: width / 2, y: 60 } });
    await page.mouse.wheel(0, -200);
    await until('the wheel has come closer', async () => (await spanMs(page)) < 1_000);
    await page.keyboard.press('0');
    await spanIs(page, 3_560);
    await page.keyboard.press('Home');
    await until('it is at its beginning', async () => (await clockMs(page)) === 0);

    await page.locator('.row.caller .caption').click();
    const lines = page.locator('.lines');
    await lines.getByText('"Hello, this is Marigold Thistlewood, born 1987."', { exact: false }).first().waitFor();
    expect(await lines.innerText()).toContain('"type":"transcript.add"');
    await page.getByRole('button', { name: '0:01.96' }).click();
    await lines.getByText('lookup_record answers after 120 ms').waitFor();
    await page.getByLabel('Show').selectOption('interruptions');
    await until('only interruptions are shown', async () => (await page.locator('tbody tr').count()) === 2);
    expect(await faultsOf(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });
});

test('of a call without a recording, the page says what the journal knows, and how to keep the next one', async (context) => {
  const scene = await BrowserScene.open(context, { env: { RECORD_DIR: '' } });
  const script = {
    steps: [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 100 }, { hangUp: true }],
  } as const;
  const { callSid: called } = await scene.service.call({ script }).ended;
  const page = await scene.goTo(`/call/${called}`);
  const shown = await page.locator('#page').innerText();
  for (const words of ['The caller hung up', '+12025550177', 'Beep.', 'Set RECORD_DIR to a folder'])
    expect(shown).toContain(words);
  expect(await faultsOf(page)).toEqual([]);
  expect(scene.troubles).toEqual([]);

  const unknown = await scene.goTo('/call/CAunknown');
  expect(await unknown.locator('#page').innerText()).toContain('The journal does not know this call either.');
});

async function clockMs(page: Page): Promise<number> {
  return Number(await page.locator('.clock').getAttribute('data-at-ms'));
}

async function spanIs(page: Page, ms: number): Promise<void> {
  await until(`${ms} ms are seen`, async () => Math.abs((await spanMs(page)) - ms) < 0.01);
}

async function spanMs(page: Page): Promise<number> {
  return Number(await page.locator('.frame').getAttribute('data-span-ms'));
}

/** What some people cannot use, and what does not fit the screen. */
async function faultsOf(page: Page): Promise<string[]> {
  const { violations }: axe.AxeResults = await page.evaluate(`${axe.source}; axe.run()`);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const overflow: number = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  return [
    ...serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(overflow > 0 ? [`is ${overflow} px too wide`] : []),
  ];
}
