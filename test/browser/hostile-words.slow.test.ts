import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openChromium } from '../../dev/browser/chromium.ts';
import { openOffice } from '../../dev/browser/office.ts';
import { pagesFrom } from '../../dev/browser/pages-from.ts';
import { WatchedPage } from '../../dev/browser/watched-page.ts';
import { BrowserScene } from './browser-scene.ts';

const payloads: readonly string[] = JSON.parse(
  readFileSync(new URL('../../fixtures/xss/payloads.json', import.meta.url), 'utf8'),
);
const third = Math.ceil(payloads.length / 3);
const thirds = [0, 1, 2].map((at) => payloads.slice(at * third, (at + 1) * third).join(' '));

/** What only a payload brings into a page, if it is taken for HTML. */
const planted =
  'iframe, video, base, meta[http-equiv="refresh"], img[src="x"], #hacked-link, [name="hacked"], [onerror], [onload], [href*="elsewhere"], [href^="javascript:"]';

test('whatever is said, looked up or told of a caller is text on every page, and does nothing', async (context) => {
  const found = await openChromium();
  if ('missing' in found) return context.skip(found.missing);
  context.onTestFinished(() => found.browser.close());
  const words = payloads.join(' ');
  const { service } = await openOffice(context, { caller: thirds, agent: thirds, record: words, callerName: words });
  const link = service.admin?.link ?? '';
  const viewer = await found.browser.newContext();
  const { page, troubles } = new WatchedPage(await viewer.newPage(), new URL(link).origin);
  const paths: string[] = [];
  let shown = '';
  for await (const path of pagesFrom(page, link)) {
    paths.push(path);
    shown += await page.evaluate<string>('document.querySelector("main").textContent');
    expect([path, await page.evaluate('window.hacked ?? null')]).toEqual([path, null]);
    expect([path, await page.locator(planted).count()]).toEqual([path, 0]);
  }
  expect(troubles).toEqual([]);
  expect(paths.length).toBeGreaterThan(0);
  // What is not shown at all proves nothing.
  for (const payload of ['<svg onload=', '"><img src=x onerror=']) expect(shown).toContain(payload);
});

test('what the agent says, asks for and is told in a call from the browser is text as well', async (context) => {
  const words = payloads.join(' ');
  const lookUp = { name: 'lookup_record', args: { query: words }, answered: [{ say: 'beep', text: words }] };
  const unknown = { name: payloads[1] ?? '', args: {} };
  const script = { turns: [{ steps: [{ say: 'beep', text: words }, { call: [lookUp, unknown] }] }], latencyMs: 0 };
  const scene = await BrowserScene.open(context, { model: { script } });
  const page = await scene.goTo('/phone');
  await page.getByRole('button', { name: 'Call without a microphone' }).click();
  await page.getByRole('log').getByText('<svg onload=').first().waitFor();
  await page.getByRole('log').getByText('"><img src=x').first().waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByRole('button', { name: 'Call without a microphone' }).waitFor();
  expect(await page.evaluate('window.hacked ?? null')).toBeNull();
  expect(await page.locator(planted).count()).toBe(0);
  expect(scene.troubles).toEqual([]);
});
