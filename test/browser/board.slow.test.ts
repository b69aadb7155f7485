import { expect, test } from 'vitest';
import { loadScenario } from '../../src/sim/scenario/scenario.ts';
import { BrowserScene } from './browser-scene.ts';
import { faultsOf } from './page-faults.ts';

/** The caller of this scenario is silent for some seconds at a time. */
const soundMsMax = 60_000;

const { model, caller, callerClips, agentClips } = loadScenario('order-desk');

test('a call is seen on the board, opened, heard, told a sentence, and hung up', async (context) => {
  const scene = await BrowserScene.open(context, {
    model: { script: model, clips: agentClips },
    env: { LOOKUP_FILE: 'fixtures/data/orders.csv', TRANSFER_DESTINATIONS: 'support=+12025550100' },
  });
  const page = await scene.goTo('/');
  await page.getByText('No calls now.').waitFor();
  const phone = scene.service.call({ script: caller, clips: callerClips });
  const row = page.getByRole('row').filter({ hasText: phone.from });
  await row.getByText('Hello, this is Parley').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await row.getByRole('link').click();
  await page.getByRole('log').getByText('Hello, this is Parley').waitFor();

  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Listen' }).click();
  const loudest = '[...document.querySelectorAll("meter")].reduce((most, { value }) => Math.max(most, value), 0)';
  await expect.poll(() => page.evaluate(loudest), { timeout: soundMsMax }).toBeGreaterThan(0.1);
  await page.getByRole('button', { name: 'Stop listening' }).click();

  await page.getByLabel('Have the agent say, word for word').fill('<b>We close at six.</b>');
  await page.getByRole('button', { name: 'Say it' }).click();
  await page.getByRole('log').getByText('An operator has the agent say: <b>We close at six.</b>').waitFor();
  await page.getByText('The agent says it next.').waitFor();

  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByRole('button', { name: 'Hang up now' }).click();
  await phone.ended;
  await page.getByText('The call is over: operator hung up.').waitFor();
  await page.getByRole('link', { name: '← Calls now' }).click();
  await page.getByText('Just ended').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(scene.troubles).toEqual([]);

  // A link that somebody has cut off in the middle, or made up.
  await scene.goTo('/#%E0%A4%A');
  await page.getByText('This call is over, or there never was one.').waitFor();
});
