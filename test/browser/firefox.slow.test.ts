import { expect, test } from 'vitest';
import { FirefoxTab } from '../../dev/browser/firefox.ts';
import { ServiceScene } from '../e2e/service-scene.ts';
import { until } from '../until.ts';

test('Firefox shows the pages as well', async (context) => {
  const found = await FirefoxTab.open();
  if ('missing' in found) return context.skip(found.missing);
  const { tab } = found;
  context.onTestFinished(() => tab.close());
  const { service } = await ServiceScene.open(context, { env: { ADMIN_PORT: '0' } });
  await tab.goTo(service.admin?.link ?? '');
  const origin = new URL(service.admin?.link ?? '').origin;
  await tab.goTo(`${origin}/health`);
  const shown = async (words: string): Promise<boolean> =>
    String(await tab.evaluate('document.querySelector("main").innerText')).includes(words);
  await until('the page is drawn', async () => shown('Ready for calls.'));
  const asked = await tab.evaluate('performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin)');
  expect(new Set(Array.isArray(asked) ? asked : [])).toEqual(new Set([origin]));
});
