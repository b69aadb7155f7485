import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openChromium } from '../../dev/browser/chromium.ts';
import { openOffice } from '../../dev/browser/office.ts';
import { ordinaryWords } from '../../dev/browser/ordinary-words.ts';
import { pagesFrom } from '../../dev/browser/pages-from.ts';
import { WatchedPage } from '../../dev/browser/watched-page.ts';
import { BrowserScene } from './browser-scene.ts';
import { faultsOf } from './page-faults.ts';

const screens = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

describe.for(screens)('where nothing has happened yet, in $colorScheme', (viewer) => {
  test('each page of the menu is well', async (context) => {
    const scene = await BrowserScene.open(context, { viewer });
    const paths = await scene.menu();
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect([path, await faultsOf(await scene.goTo(path))]).toEqual([path, []]);
    expect(scene.troubles).toEqual([]);
  });

  test('an address without a page leads back to one', async (context) => {
    const scene = await BrowserScene.open(context, { viewer });
    const page = await scene.goTo('/no-such-page');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('link', { name: '← Calls now' }).click();
    await page.getByRole('heading', { name: 'Calls now' }).waitFor();
  });
});

test('where calls have been, every page that can be reached is well', async (context) => {
  const found = await openChromium();
  if ('missing' in found) return context.skip(found.missing);
  context.onTestFinished(() => found.browser.close());
  const { service } = await openOffice(context, ordinaryWords);
  const link = service.admin?.link ?? '';
  for (const screen of screens) {
    const viewer = await found.browser.newContext(screen);
    const { page, troubles } = new WatchedPage(await viewer.newPage(), new URL(link).origin);
    const faults: string[][] = [];
    for await (const path of pagesFrom(page, link)) faults.push([path, ...(await faultsOf(page))]);
    expect(faults.filter(({ length }) => length > 1)).toEqual([]);
    expect(faults.length).toBeGreaterThan(1);
    expect(troubles).toEqual([]);
  }
});

test('the link works from a page elsewhere, and leaves no token in the address', async (context) => {
  const scene = await BrowserScene.open(context);
  const browser = scene.page.context();
  await browser.clearCookies();
  const page = await browser.newPage();
  await page.setContent(`<a href="${scene.service.service.admin?.link}">the link</a>`);
  await page.getByText('the link').click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  expect(page.url()).not.toContain('token');
});

test('each page of the menu is worked by keyboard alone', async (context) => {
  const scene = await BrowserScene.open(context);
  for (const path of await scene.menu()) {
    const page = await scene.goTo(path);
    expect([path, await unreachedByKeyboard(page)]).toEqual([path, []]);
  }
});

/** The elements that one can click and that Tab never comes to, as HTML. The first Tab leads to the way past the menu. */
async function unreachedByKeyboard(page: Page): Promise<string[]> {
  const wanted = 'a[href], button, input, select, textarea, [tabindex="0"]';
  const isWanted = `(one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== 'hidden'`;
  const count: number = await page.evaluate(
    `window.unreached = new Set([...document.querySelectorAll('${wanted}')].filter(${isWanted})); window.unreached.size`,
  );
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toBe('skip');
  // Some elements take the key more than once, such as a field for a date.
  for (let presses = 0; presses < 4 * count; presses += 1) {
    await page.evaluate('window.unreached.delete(document.activeElement)');
    await page.keyboard.press('Tab');
  }
  return page.evaluate('[...window.unreached].map((one) => one.outerHTML)');
}
