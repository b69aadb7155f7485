import { expect, test } from 'vitest';
import { failCalls, failures, lost } from '../e2e/failures/failed-calls.ts';
import { BrowserScene } from './browser-scene.ts';

test('three clicks tell of each of ten failed calls why it failed', async (context) => {
  const { file, callSids } = await failCalls(context);
  const scene = await BrowserScene.open(context, { env: { JOURNAL_FILE: file, RECORD_DIR: '' } });
  const { page } = scene;
  const rows = page.locator('table.calls tbody tr');
  // The first click.
  await page.locator('nav a', { hasText: 'History' }).click();
  await rows.first().waitFor();
  for (const { name, why } of [...failures, lost]) {
    const row = rows.filter({ has: page.locator(`a[href="/call/${callSids.get(name)}"]`) });
    expect(await row.locator('.why').innerText()).toContain(why);
  }

  // The second and third one: only calls that ended so.
  await page.locator('select[name=outcome]').selectOption('refused');
  await page.locator('button', { hasText: 'Search' }).click();
  await page.locator('[role=status]', { hasText: /^1 call$/ }).waitFor();
  expect(page.url()).toContain('outcome=refused');
  await page.reload();
  await page.locator('[role=status]', { hasText: /^1 call$/ }).waitFor();
  expect(await page.locator('select[name=outcome]').inputValue()).toBe('refused');

  // One of them, and back to the same search.
  await rows.first().locator('a').click();
  await page.getByRole('link', { name: '← History' }).click();
  await page.locator('[role=status]', { hasText: /^1 call$/ }).waitFor();
  expect(page.url()).toContain('outcome=refused');

  await page.locator('input[name=words]').fill('words that nobody said');
  await page.locator('button', { hasText: 'Search' }).click();
  await page.locator('.empty', { hasText: 'No call matches' }).waitFor();
  await page.locator('button', { hasText: 'Clear' }).click();
  await rows.nth(9).waitFor();

  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a', { hasText: 'CSV' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^calls-.*\.csv$/);
  await rows.first().locator('.why').click();
  await page.waitForURL('**/call/*');
  const why = page.locator('.why');
  await why.waitFor();
  expect([...failures, lost].map((failure) => failure.why)).toContain(await why.innerText());
  await page.locator('p', { hasText: 'Set RECORD_DIR' }).waitFor();
  expect(await page.locator('nav a[aria-current]').allInnerTexts()).toEqual(['History']);
  expect(scene.troubles).toEqual([]);
});
