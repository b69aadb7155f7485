import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What a page has that some people cannot use, in words: what axe finds serious, and what does not fit the width of the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  const { violations }: axe.AxeResults = await page.evaluate(`${axe.source}; axe.run()`);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const overflow: number = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  return [
    ...serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(overflow > 0 ? [`is ${overflow} px too wide`] : []),
  ];
}
