import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { helpIfAsked } from '../src/cli/help.ts';
import { openChromium } from './browser/chromium.ts';
import { openOffice } from './browser/office.ts';
import { ownFiles } from './browser/own-files.ts';
import { PageNames } from './browser/page-names.ts';
import { pagesFrom } from './browser/pages-from.ts';
import { ordinaryWords } from './browser/ordinary-words.ts';
import type { Ending } from '../test/e2e/ending.ts';
import { ServiceScene } from '../test/e2e/service-scene.ts';

const usage = `Usage: npm run screenshots -- [options]
  Opens every page of the operator's in Chromium, in light and dark, wide and narrow, empty and full, and saves pictures in out/screenshots.
  --only NAME   the pages whose path holds this`;

const widths = { wide: 1280, narrow: 390 } as const;

/** The height of a screen; a picture shows the whole page, however long it is. */
const screenHeight = 800;

/** An address at which there is nothing, which has a page of its own. */
const noPage = '/no-such-page';

/** Exits with 2 where there is no Chromium. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const found = await openChromium();
  if ('missing' in found) {
    console.log(found.missing);
    return 2;
  }
  const folder = fileURLToPath(new URL('../out/screenshots', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const closers: (() => Promise<void> | void)[] = [() => found.browser.close()];
  const ending: Ending = { onTestFinished: (close) => void closers.push(close) };
  try {
    const empty = await ServiceScene.open(ending, ownFiles(ending));
    await takeAll(found.browser, empty, join(folder, 'empty'), values.only ?? '');
    const full = await openOffice(ending, ordinaryWords);
    await takeAll(found.browser, full, join(folder, 'full'), values.only ?? '');
  } finally {
    for (const close of closers.toReversed()) await close();
  }
  console.log(`The pictures lie in ${folder}.`);
  return 0;
}

/** A browser with a screen of its own, and what the names of its pictures end with. */
interface Viewer {
  readonly page: Page;
  readonly ending: string;
}

/** Opens a viewer for each screen, in turns. */
async function* viewersOf(browser: Browser): AsyncGenerator<Viewer> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, pixels] of Object.entries(widths)) {
      const viewer = await browser.newContext({ colorScheme, viewport: { width: pixels, height: screenHeight } });
      yield { page: await viewer.newPage(), ending: `${colorScheme}-${width}.png` };
      await viewer.close();
    }
  }
}

/** Takes pictures of every page that can be reached, and then of calls from the browser, so that the pages are the same for all viewers. */
async function takeAll(browser: Browser, { service }: ServiceScene, name: string, only: string): Promise<void> {
  const link = service.admin?.link ?? '';
  const names = new PageNames();
  for await (const { page, ending } of viewersOf(browser)) {
    const take = async (path: string): Promise<void> => {
      if (path.includes(only)) await page.screenshot({ path: `${name}-${names.of(path)}-${ending}`, fullPage: true });
    };
    await page.goto(new URL('/login', link).href);
    await page.screenshot({ path: `${name}-login-${ending}` });
    for await (const path of pagesFrom(page, link)) await take(path);
    await page.goto(new URL(noPage, link).href);
    await take(noPage);
  }
  if (!'/phone'.includes(only)) return;
  for await (const { page, ending } of viewersOf(browser))
    await takeCall(page, link, `${name}-phone-in-call-${ending}`);
}

/** Calls the agent from the page, and takes a picture when it has greeted. */
async function takeCall(page: Page, link: string, file: string): Promise<void> {
  await page.goto(link);
  await page.goto(new URL('/phone', link).href);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('log').getByText('Agent').first().waitFor();
  await page.screenshot({ path: file, fullPage: true });
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
}

helpIfAsked(usage);
process.exitCode = await main();
