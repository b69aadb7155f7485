import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { helpIfAsked } from '../src/cli/help.ts';
import { openChromium } from './browser/chromium.ts';
import { openOffice } from './browser/office.ts';
import { ownFiles } from './browser/own-files.ts';
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

/** Takes pictures of every page that can be reached. */
async function takeAll(browser: Browser, { service }: ServiceScene, name: string, only: string): Promise<void> {
  const link = service.admin?.link ?? '';
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, pixels] of Object.entries(widths)) {
      const viewer = await browser.newContext({ colorScheme, viewport: { width: pixels, height: screenHeight } });
      const page = await viewer.newPage();
      await page.goto(new URL('/login', link).href);
      await page.screenshot({ path: `${name}-login-${colorScheme}-${width}.png` });
      const names: string[] = [];
      for await (const path of pagesFrom(page, link)) {
        if (!path.includes(only)) continue;
        names.push(fileNameOf(path));
        const count = names.filter((one) => one === names.at(-1)).length;
        const file = `${name}${names.at(-1)}${count === 1 ? '' : `-${count}`}-${colorScheme}-${width}.png`;
        await page.screenshot({ path: file, fullPage: true });
      }
      if ('/phone'.includes(only)) await takeCall(page, link, `${name}-phone-in-call-${colorScheme}-${width}.png`);
      await viewer.close();
    }
  }
}

/** Calls the agent from the page, and takes a picture when it has greeted. */
async function takeCall(page: Page, link: string, file: string): Promise<void> {
  await page.goto(new URL('/phone', link).href);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('log').getByText('Agent').first().waitFor();
  await page.screenshot({ path: file, fullPage: true });
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
}

/** Of a call only that it is one. */
function fileNameOf(path: string): string {
  const plain = path.replaceAll(/CA[0-9a-f]{32}/g, 'call').replaceAll(/[^a-z0-9]+/gi, '-');
  return plain === '-' ? '-home' : plain.replace(/-$/, '');
}

helpIfAsked(usage);
process.exitCode = await main();
