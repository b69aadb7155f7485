import { performance } from 'node:perf_hooks';
import type { Ending } from '../../test/e2e/ending.ts';
import { ServiceScene } from '../../test/e2e/service-scene.ts';
import { openChromium } from './chromium.ts';
import { ownFiles } from './own-files.ts';

const greets = { setupMs: 0, latencyMs: 0, turns: [{ steps: [{ say: 'beep' }] }] };
const answered = {
  steps: [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 300 }, { hangUp: true }],
} as const;

/** How long it takes from the moment at which a call is placed until the board shows it, in ms: once for each of so many calls. */
export async function boardDelays(calls: number): Promise<number[]> {
  const closers: (() => Promise<void> | void)[] = [];
  const ending: Ending = { onTestFinished: (close) => void closers.push(close) };
  try {
    const found = await openChromium();
    if ('missing' in found) throw new RangeError(found.missing);
    closers.push(() => found.browser.close());
    const scene = await ServiceScene.open(ending, { ...ownFiles(ending), model: { script: greets } });
    const page = await found.browser.newPage();
    await page.goto(scene.service.admin?.link ?? '');
    const row = page.locator('tbody tr').first();
    const delaysMs: number[] = [];
    while (delaysMs.length < calls) {
      const placedAtMs = performance.now();
      const phone = scene.call({ script: answered });
      await row.waitFor();
      delaysMs.push(performance.now() - placedAtMs);
      await phone.ended;
      await row.waitFor({ state: 'detached' });
    }
    return delaysMs;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
