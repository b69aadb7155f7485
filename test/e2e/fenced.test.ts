import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../src/shell/journal.ts';
import type { Telephony } from '../../src/shell/twilio-rest.ts';
import { callForm, callSid, post, RawStream, tokenIn } from '../shell/twilio-client.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';
import { ServiceScene } from './service-scene.ts';

/** Nobody asks what comes next, so that a call which is being left must be redirected by REST, after ten seconds. */
const saysGoodbye = {
  turns: [{ steps: [{ say: 'beep' }, { call: { name: 'end_call' } }] }],
  setupMs: 0,
  latencyMs: 0,
};

test.concurrent.for([
  { owner: 'another process', taken: 'taken', redirects: [] },
  { owner: 'it', taken: null, redirects: [callSid] },
])(
  'a process that redirects a call which $owner has redirects $redirects',
  { timeout: 40_000 },
  async ({ taken, redirects }, context) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-'));
    const redirected: string[] = [];
    const telephony: Telephony = {
      update: (of) => {
        redirected.push(of);
        return Promise.resolve({ type: 'telephony.updated' });
      },
    };
    const [journal, other] = [journalIn(folder), journalIn(folder)];
    context.onTestFinished(async () => {
      await other.close(0);
      rmSync(folder, { recursive: true });
    });
    const scene = await ServiceScene.open(context, { model: { script: saysGoodbye }, parts: { telephony, journal } });
    const stream = await RawStream.open(scene.url);
    stream.start(tokenIn((await post(scene.url, '/twilio/voice', callForm())).text));
    await until('the goodbye', () => scene.log.named('leaving').length > 0);
    stream.socket.terminate();
    await until('the loss', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
    // It has nothing to write from here on until it acts.
    await journal.settled(callSid);
    expect(taken === null ? null : (await other.takeOver(callSid, () => {})).kind).toBe(taken);

    await until('the decision', () => scene.log.named('phase').some(({ to }) => to === 'redirecting'));
    await until('what came of it', () => scene.log.named('callFenced').length > 0 || redirected.length > 0);
    expect(redirected).toEqual(redirects);
  },
);

function journalIn(folder: string): Journal {
  return new Journal({ file: join(folder, 'journal.sqlite'), log: new LogLines().logger });
}
