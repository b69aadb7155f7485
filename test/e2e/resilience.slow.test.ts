import { expect, test, type TestContext } from 'vitest';
import type { CallReport } from '../../src/sim/carrier/call-report.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { until } from '../until.ts';
import { fallback, type SceneOptions, ServiceScene } from './service-scene.ts';

/**
 * Recovery begins sooner than in other tests, and still late enough for a busy machine. On such a machine a question has gaps, in which it
 * must not end.
 */
const impatient = { RECOVERY_STEP_MS: '4000', GEMINI_VAD_SILENCE_MS: '1500' };

/** When a session ends while nobody speaks: after the greeting and before the question, even where the greeting is seconds late. */
const quietAtMs = 4_000;

const greets = { steps: [{ say: 'beep' }] };
const answers = { heard: 'A question.', steps: [{ say: 'beep' }] };
const usual: ScriptInput = { turns: [greets, answers, answers], setupMs: 0, latencyMs: 0, heardMs: 0 };

/** The greeting and a question, whose answer the caller of every fault must get. */
const steps = [
  { waitFor: 'agentSpeaking', withinMs: 60_000 },
  { waitFor: 'agentQuiet', ms: 100 },
  { pauseMs: quietAtMs + 500 },
  { tone: { hz: 440, ms: 400 } },
] as const;

/** What goes wrong, and what the log must tell of it. */
const survived: readonly (readonly [string, ScriptInput, readonly string[]])[] = [
  ['closes while nobody speaks', { ...usual, sessions: [timed({ close: 'internalError' })] }, ['modelLost']],
  ['vanishes without a word', { ...usual, sessions: [timed({ drop: true })] }, ['modelLost']],
  ['is going away', { ...usual, sessions: [timed({ goAway: { timeLeftMs: 20_000 } })] }, ['modelRotated']],
  ['closes in the middle of its answer', midAnswer({ close: 'unavailable' }), ['modelReopened']],
  [
    'refuses the handle',
    {
      ...usual,
      sessions: [timed({ close: 'deadlineExpired' }), { refuseHandle: 'sessionNotFound' }, { firstTurn: 1 }],
    },
    ['modelLost'],
  ],
  ['refuses the first connection', { ...usual, sessions: [{ upgrade: 503 }] }, ['modelLost']],
  ['never answers the first setup', { ...usual, sessions: [{ setupMs: 'never' }] }, ['modelLost']],
  ['never answers the first connection', { ...usual, sessions: [{ upgrade: 'never' }] }, ['modelLost']],
  ['does not greet', { ...usual, defects: [{ defect: 'noAnswer', turn: 1 }] }, ['escalated']],
  ['completes a turn without sound', { ...usual, defects: [{ defect: 'silent', turn: 2 }] }, ['escalated']],
  ['rejects its own answer', { ...usual, defects: [{ defect: 'rejected', turn: 2 }] }, ['escalated']],
  ['writes instead of speaking', { ...usual, defects: [{ defect: 'textOnly', turn: 2 }] }, ['escalated']],
  ['does not answer', { ...usual, defects: [{ defect: 'noAnswer', turn: 2 }] }, ['escalated']],
  [
    'is deaf until it is resumed',
    { ...usual, sessions: [{ defects: [{ defect: 'noAnswer', turn: 2, deaf: 'untilResume' }] }] },
    ['modelReopened'],
  ],
  [
    'is deaf until a fresh session',
    {
      ...usual,
      sessions: [{ defects: [{ defect: 'noAnswer', turn: 2, deaf: 'untilFresh' }] }, {}, { firstTurn: 1 }],
    },
    ['modelReopened'],
  ],
];

test.concurrent.for(survived)(
  'a model that %s costs the caller no more than a pause',
  async ([, script, wanted], context) => {
    expect(await faultsOf(context, script, wanted)).toEqual([]);
  },
);

test.concurrent('a model that never answers again ends in the apology and a human', async (context) => {
  const deaf = { defect: 'noAnswer', deaf: 'always', times: 9 } as const;
  const script = { ...usual, defects: [{ ...deaf, turn: 1 }], sessions: [{ defects: [{ ...deaf, turn: 2 }] }] };
  const scene = await opened(context, script);
  const report = await scene.call({ script: { steps } }).ended;
  expect(scene.log.named('escalated').map(({ step }) => step)).toEqual(['nudge', 'resume', 'fresh', 'giveUp']);
  expect(report.timeline.flatMap(toldByTwilio)).toEqual(['Sorry.', `dial ${fallback}`]);
});

test.concurrent('a model that the service does not know is followed by the fallback model', async (context) => {
  const scene = await opened(
    context,
    { ...usual, missingModels: ['models/gemini-3.8-live'] },
    { GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking', RECOVERY_STEP_MS: '30000' },
  );
  const report = await hungUpAfter(scene, () => answersOf(scene) >= 2);
  expect(report.endReason).toBe('callerHungUp');
  expect(scene.model.sessions.map((session) => session.report().setup?.model)).toEqual([
    expect.stringContaining('gemini-3.8-live'),
    expect.stringContaining('gemini-3.8-live-extended-thinking'),
  ]);
});

/** What did not come out as it should. */
async function faultsOf(context: TestContext, script: ScriptInput, wanted: readonly string[]): Promise<unknown[]> {
  const scene = await opened(context, script);
  const notWritten = (): string[] => wanted.filter((name) => scene.log.named(name).length === 0);
  const report = await hungUpAfter(scene, () => notWritten().length === 0 && answersOf(scene) >= 2);
  return [
    ...notWritten().map((name) => `no ${name}`),
    ...scene.log.named('gaveUp'),
    ...(report.endReason === 'callerHungUp' ? [] : [report.endReason]),
    ...(answersOf(scene) >= 2 ? [] : [`${answersOf(scene)} answers`]),
    ...scene.model.sessions.flatMap((session) => session.report().violations),
  ];
}

function opened(
  context: TestContext,
  script: ScriptInput,
  env: NonNullable<SceneOptions['env']> = {},
): Promise<ServiceScene> {
  return ServiceScene.open(context, { model: { script }, env: { ...impatient, ...env } });
}

/** A call that its caller ends when all is there. The service may end it before. */
async function hungUpAfter(scene: ServiceScene, isAllThere: () => boolean): Promise<CallReport> {
  const phone = scene.call({ script: { steps } });
  await until('the answer', () => isAllThere() || scene.log.named('callEnded').length > 0);
  phone.hangUp();
  return phone.ended;
}

/** How often the agent was heard: the greeting and the answer. */
function answersOf(scene: ServiceScene): number {
  return scene.log.named('transcript').filter(({ speaker }) => speaker === 'agent').length;
}

function timed(step: NonNullable<ScriptInput['timed']>[number]['step']) {
  return { timed: [{ atMs: quietAtMs, step }] };
}

/** The session ends when half of the answer has been sent. */
function midAnswer(end: { close: string }): ScriptInput {
  return {
    ...usual,
    sessions: [{ turns: [greets, { heard: 'A question.', steps: [{ say: 'beep', untilMs: 240 }, end] }] }],
    replies: [{ to: 'broke off', turn: greets }],
  };
}

function toldByTwilio(note: CallReport['timeline'][number]): string[] {
  if (note.kind === 'verb.say') return [note.text];
  return note.kind === 'dial.started' ? [`dial ${note.to}`] : [];
}
