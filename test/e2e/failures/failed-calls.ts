import type { TestContext } from 'vitest';
import { z } from 'zod';
import type { PhoneCall, PlaceCallOptions } from '../../../src/sim/carrier/hosts/phone.ts';
import { Journal } from '../../../src/store/journal.ts';
import type { JournalBackend } from '../../../src/store/journal-job.ts';
import { JournalThread } from '../../../src/store/thread/journal-thread.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createTools, defineTool } from '../../../src/tools/tool.ts';
import { closed, JournalScene } from '../../store/journal-scene.ts';
import { until } from '../../until.ts';
import { greetsOnly, type SceneOptions, ServiceScene } from '../service-scene.ts';

const support = '+12025550166';

/** A call that fails, and what the history says of it. */
interface Failure {
  readonly name: string;
  readonly scene?: SceneOptions;
  readonly call?: Partial<PlaceCallOptions>;
  /** What happens before the call comes in. */
  readonly before?: (scene: ServiceScene) => Promise<void>;
  /** What happens while it is live. It ends by itself unless set. */
  readonly during?: (scene: ServiceScene, phone: PhoneCall) => Promise<void>;
  readonly outcome: string;
  readonly faults: readonly string[];
  readonly why: string;
}

const lostSid = `CA${'e'.repeat(32)}`;

const impatient = { MODEL_SETUP_MS: '4000', MODEL_OUTAGE_MS: '5000' };

const broken = defineTool({
  name: 'order_status',
  description: 'Never works.',
  parameters: z.object({}),
  run: () => {
    throw new Error('The database is down.');
  },
});

/** Ten ways in which a call fails. Each is carried out by the real service against simulated peers. */
export const failures: readonly Failure[] = [
  {
    name: 'the quota is used up',
    scene: { model: { script: { ...greetsOnly, refuseSetup: 'quotaExceeded' } } },
    outcome: 'apologised',
    faults: ['model.quotaExceeded'],
    why: "The model's quota was used up, so the caller heard the apology and was connected with the fallback number.",
  },
  {
    name: 'the key is wrong, and nobody is there',
    scene: { model: { apiKey: 'another key' }, env: { FALLBACK_DESTINATION: '' } },
    outcome: 'apologised',
    faults: ['model.keyRefused'],
    why: 'Google refused the key or the sign-in, so the caller heard the apology, and the call ended.',
  },
  {
    name: 'the model is silent',
    scene: {
      model: { script: { turns: [], setupMs: 0, latencyMs: 0 } },
      env: { COMFORT_TONE_MS: '200', FILLER_PHRASE_MS: '300', RECOVERY_STEP_MS: '500' },
    },
    outcome: 'apologised',
    faults: [],
    why: 'The model stayed silent: it did not say the greeting, although it was asked again and its session was replaced, so the caller heard the apology and was connected with the fallback number.',
  },
  {
    name: 'the model is lost, and lost again',
    scene: {
      model: {
        script: {
          ...greetsOnly,
          sessions: [{ upgrade: 'accept', timed: [{ atMs: 300, step: { close: 'internalError' } }] }],
          upgrade: 503,
        },
      },
      env: impatient,
    },
    outcome: 'apologised',
    faults: ['model.unreachable', 'model.closed'],
    why: 'The model could not be reached, so the caller heard the apology and was connected with the fallback number.',
  },
  {
    name: 'the sound breaks off again and again',
    during: async (scene, phone) => {
      for (let lost = 1; lost <= 6; lost += 1) {
        await until(`stream ${lost}`, () => scene.log.named('streamStarted').length === lost);
        phone.loseNetwork();
      }
    },
    outcome: 'apologised',
    faults: [],
    why: 'The sound of the call broke off again and again, so the caller heard the apology and was connected with the fallback number.',
  },
  {
    name: 'a tool fails',
    scene: {
      parts: { tools: createTools([broken]) },
      model: {
        script: {
          turns: [{ steps: [{ say: 'beep' }, { call: { name: 'order_status' } }, { say: 'beep' }] }],
          setupMs: 0,
          latencyMs: 0,
        },
      },
    },
    during: async (scene, phone) => {
      await untilLogged(scene, 'toolFailed');
      await untilLogged(scene, 'transcript');
      phone.hangUp();
    },
    outcome: 'callerHungUp',
    faults: ['tool.failed'],
    why: 'The caller hung up without saying anything. The tool "order_status" failed.',
  },
  {
    name: 'nobody takes the transfer',
    scene: {
      env: { TRANSFER_DESTINATIONS: `support=${support}` },
      model: {
        script: {
          turns: [
            {
              steps: [
                { say: 'beep' },
                { call: { name: 'transfer_call', args: { destination: 'support' } } },
                { say: 'beep' },
              ],
            },
          ],
          repeat: false,
          setupMs: 0,
          latencyMs: 0,
        },
      },
    },
    call: { dialOutcomes: { [support]: { type: 'busy', afterMs: 50 } } },
    during: async (scene, phone) => {
      await untilLogged(scene, 'streamStarted', 2);
      phone.hangUp();
    },
    outcome: 'callerHungUp',
    faults: [],
    why: 'The caller hung up without saying anything. Nobody took the transfer to "support": the line was busy.',
  },
  {
    name: 'there is no room',
    scene: { env: { MAX_CONCURRENT_CALLS: '1' } },
    before: async (scene) => {
      scene.call();
      await untilLogged(scene, 'streamStarted');
    },
    outcome: 'refused',
    faults: [],
    why: 'As many calls were live as MAX_CONCURRENT_CALLS or CALLS_PER_PROCESS allows (1), so the caller was sent to the fallback number.',
  },
  {
    name: 'the caller is silent',
    scene: {
      env: { CALLER_PROMPT_MS: '5000' },
      model: { script: { ...greetsOnly, turns: [{ steps: [{ say: 'beep' }] }, { steps: [{ say: 'beep' }] }] } },
    },
    during: async (scene, phone) => {
      await untilLogged(scene, 'transcript', 2);
      phone.hangUp();
    },
    outcome: 'callerHungUp',
    faults: [],
    why: 'Nobody spoke, the agent asked once whether the caller was still there, and then the caller hung up.',
  },
];

/** The tenth failure befalls the process: what remains of its call when nobody takes it over. */
export const lost = {
  name: 'the process is killed',
  outcome: 'lost',
  faults: [],
  why: 'The process that had the call ended, and no other process went on with it.',
} as const satisfies Failure;

/** What became of the failures: the file that holds them, and the call of each by its name. */
export interface FailedCalls {
  readonly file: string;
  readonly callSids: ReadonlyMap<string, string>;
}

/** Lets every failure happen, all of them at once, and writes them into one journal. */
export async function failCalls(context: TestContext): Promise<FailedCalls> {
  const { file, log } = new JournalScene(context);
  const settings = { file, process: 'all', keepsWords: true, fileBytesMax: 64 * 1024 * 1024 };
  const program = new URL('../../../src/store/sqlite/journal-worker.ts', import.meta.url);
  const thread = new JournalThread(settings, program, () => {});
  context.onTestFinished(() => new Promise((resolve) => thread.stop(resolve)));
  const backend: JournalBackend = {
    ask: (job, done) => (job.kind === 'close' ? done({ kind: 'count', count: 0 }) : thread.ask(job, done)),
    stop: (done) => done(),
  };
  const openJournal = (): Journal => new Journal({ open: () => backend, clock: systemClock, log: log.logger });
  const callSids = new Map<string, string>();
  const all = failures.map(async (failure, index) => {
    const callSid = `CA${String(index).padStart(32, 'f')}`;
    callSids.set(failure.name, callSid);
    const { scene: options = {}, before, during } = failure;
    const journal = openJournal();
    const scene = await ServiceScene.open(context, { ...options, parts: { journal, ...options.parts } });
    await before?.(scene);
    const phone = scene.call({ callSid, ...failure.call });
    await during?.(scene, phone);
    await phone.ended;
    await until(
      `the end of the call: ${failure.name}`,
      () => scene.service.registry.find(callSid) === null || scene.log.named('callEnded').length > 0,
    );
    await new Promise((resolve) => journal.settled(callSid, resolve, 20_000));
  });
  await Promise.all([...all, loseCall(file, callSids, context)]);
  return { file, callSids };
}

/** A process takes a call, and is gone without a word. */
async function loseCall(file: string, callSids: Map<string, string>, context: TestContext): Promise<void> {
  callSids.set(lost.name, lostSid);
  const scene = new JournalScene(context);
  const dies = scene.open({}, file);
  scene.nowMs = Date.now();
  scene.accept(dies, lostSid);
  await closed(dies, 20_000);
  const next = scene.open({}, file);
  scene.nowMs += 121_000;
  if ((await next.closeUnfinished(120_000)) === 0) throw new Error('The call was not given up.');
  await closed(next, 20_000);
}

async function untilLogged(scene: ServiceScene, name: string, times = 1): Promise<void> {
  await until(`${name} in the log`, () => scene.log.named(name).length >= times);
}
