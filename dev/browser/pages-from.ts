import type { Page } from 'playwright-core';

/** More than there are pages; of a kind that stands for many, such as that of a call, a few are enough. */
const pagesMax = 40;

/** Where one only scrolls to. */
const placesInPage = new Set(['', '#', '#page']);

/**
 * Logs in by the link, and goes to every page that can be reached from there: those of the menu, and whatever they lead to. Yields the path
 * of each with its query, when it shows what it has been waiting for.
 */
export async function* pagesFrom(page: Page, link: string): AsyncGenerator<string> {
  await page.goto(link);
  const { origin } = new URL(link);
  const seen = new Set<string>();
  const waiting = await linksOf(page, origin);
  for (let path = waiting.shift(); path !== undefined && seen.size < pagesMax; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const response = await page.goto(origin + path);
    // Within a page, nothing is asked for.
    if (response?.ok() === false) throw new Error(`${path} is linked to, and answers ${response.status()}.`);
    await isDrawn(page);
    yield path;
    waiting.push(...(await linksOf(page, origin)));
  }
}

/** Resolves when the page shows what it has been waiting for. */
export async function isDrawn(page: Page): Promise<void> {
  await page.locator('#page > :not(noscript)').first().waitFor();
  await page.locator('[data-loading]').first().waitFor({ state: 'detached' });
}

/** What the page leads to, without what is only downloaded. */
async function linksOf(page: Page, origin: string): Promise<string[]> {
  const links = await page.locator('a[href]:not([download])').all();
  const targets = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  return targets
    .map((target) => new URL(target, page.url()))
    .filter((url) => url.origin === origin && !url.pathname.startsWith('/api/'))
    .map((url) => url.pathname + url.search + (placesInPage.has(url.hash) ? '' : url.hash));
}
