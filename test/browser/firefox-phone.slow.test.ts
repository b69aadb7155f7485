import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FirefoxTab } from '../../dev/browser/firefox.ts';
import { startSoundServer } from './phone/sound-server.ts';
import { greetsOnly, ServiceScene } from '../e2e/service-scene.ts';
import { until } from '../until.ts';

test('Firefox makes a call as well, and loses nothing of it', async (context) => {
  const sound = await startSoundServer(context);
  if ('missing' in sound) return context.skip(sound.missing);
  const found = await FirefoxTab.open(sound.env);
  if ('missing' in found) return context.skip(found.missing);
  const { tab } = found;
  context.onTestFinished(() => tab.close());
  const { service } = await ServiceScene.open(context, { env: { ADMIN_PORT: '0' }, model: { script: greetsOnly } });
  const link = service.admin?.link ?? '';
  await tab.goTo(link);
  await tab.goTo(`${new URL(link).origin}/phone`);
  const text = async (): Promise<string> => String(await tab.evaluate('document.querySelector("main").innerText'));
  const click = async (name: string): Promise<unknown> =>
    tab.evaluate(
      `[...document.querySelectorAll('button, summary, label')].find((one) => one.textContent.trim().startsWith('${name}')).click()`,
    );
  const shown = async (words: RegExp): Promise<void> => {
    let last = '';
    for (const untilMs = performance.now() + 90_000; !words.test(last);) {
      if (performance.now() > untilMs) throw new Error(`Waited in vain for ${words}: ${last}`);
      await delay(100);
      last = await text();
    }
  };
  await shown(/Call without a microphone/);
  await click('I wear headphones');
  await click('Call');
  await shown(/Beep\./);
  await click('Quality of the line');
  await shown(/Spoken: frames of 20 ms\s+[1-9]\d\d; 0 lost, 0 twice/);
  await shown(/Heard: frames of 20 ms\s+[1-9]\d\d; 0 lost, 0 twice/);
  await click('Hang up');
  await shown(/Download the call/);
  expect(await text()).toContain('You hung up.');
  // Firefox's microphone hears a tone, and the line carries it: most of its frames are loud.
  const loud = await tab.evaluate(`fetch(document.querySelector('a[download]').href)
    .then((response) => response.arrayBuffer())
    .then((bytes) => new Int16Array(bytes, 44).filter((sample, at) => at % 2 === 0))
    .then((said) => said.filter((sample) => Math.abs(sample) > 300).length / said.length)`);
  expect(loud).toBeGreaterThan(0.3);
  await until('the call is over here, too', () => service.registry.liveCount === 0);
});
