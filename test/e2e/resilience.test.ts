import { expect, test, type TestContext } from 'vitest';
import type { CallReport } from '../../src/sim/carrier/call-report.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { fallback, type SceneOptions, ServiceScene } from './service-scene.ts';

/** Callers of tests have less time. */
const impatient = {
  COVER_TONE_MS: '400',
  COVER_LINE_MS: '1000',
  RECOVERY_STEP_MS: '1200',
  MODEL_SETUP_MS: '1200',
  MODEL_OUTAGE_MS: '6000',
};

const greets = { steps: [{ say: 'beep' }] };
const answers = { heard: 'A question.', steps: [{ say: 'beep' }] };
const usual: ScriptInput = { turns: [greets, answers, answers], setupMs: 0, latencyMs: 0, heardMs: 0 };

/** The greeting, a question, and its answer: what the caller of every fault must get. */
const steps = [
  { waitFor: 'agentSpeaking' },
  { waitFor: 'agentQuiet', ms: 100 },
  { tone: { hz: 440, ms: 400 } },
  { pauseMs: 7_500 },
  { hangUp: true },
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
  ['does not greet', { ...usual, defects: [{ defect: 'noAnswer', turn: 1 }] }, ['recovery']],
  ['completes a turn without sound', { ...usual, defects: [{ defect: 'silent', turn: 2 }] }, ['recovery']],
  ['rejects its own answer', { ...usual, defects: [{ defect: 'rejected', turn: 2 }] }, ['recovery']],
  ['writes instead of speaking', { ...usual, defects: [{ defect: 'textOnly', turn: 2 }] }, ['recovery']],
  ['does not answer', { ...usual, defects: [{ defect: 'noAnswer', turn: 2 }] }, ['recovery']],
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

test.concurrent('none of these costs the caller more than a pause, all of them at once', async (context) => {
  const outcomes = survived.map(async ([name, script, wanted]) => [name, await faultsOf(context, script, wanted)]);
  const none = survived.map(([name]) => [name, []]);
  expect(Object.fromEntries(await Promise.all(outcomes))).toEqual(Object.fromEntries(none));
});

test.concurrent('a model that never answers again ends in the apology and a human', async (context) => {
  const deaf = { defect: 'noAnswer', deaf: 'always', times: 9 } as const;
  const script = { ...usual, defects: [{ ...deaf, turn: 1 }], sessions: [{ defects: [{ ...deaf, turn: 2 }] }] };
  const { scene, report } = await played(context, script);
  expect(scene.log.named('recovery').map(({ step }) => step)).toEqual(['nudge', 'resume', 'fresh', 'giveUp']);
  expect(report.timeline.flatMap(toldByTwilio)).toEqual(['Sorry.', `dial ${fallback}`]);
});

test.concurrent('a model that the service does not know is followed by the fallback model', async (context) => {
  const { scene, report } = await played(
    context,
    { ...usual, missingModels: ['models/gemini-3.8-live'] },
    { GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking' },
  );
  expect(report.endReason).toBe('callerHungUp');
  expect(scene.model.sessions.map((session) => session.report().setup?.model)).toEqual([
    expect.stringContaining('gemini-3.8-live'),
    expect.stringContaining('gemini-3.8-live-extended-thinking'),
  ]);
});

/** What did not come out as it should. */
async function faultsOf(context: TestContext, script: ScriptInput, wanted: readonly string[]): Promise<unknown[]> {
  const { scene, report } = await played(context, script);
  const written = new Set(scene.log.all.map(({ msg }) => msg));
  const answered = scene.log.named('transcript').filter(({ speaker }) => speaker === 'agent').length;
  return [
    ...wanted.filter((name) => !written.has(name)).map((name) => `no ${name}`),
    ...scene.log.named('gaveUp'),
    ...(report.endReason === 'callerHungUp' ? [] : [report.endReason]),
    ...(answered >= 2 ? [] : [`${answered} answers`]),
    ...scene.model.sessions.flatMap((session) => session.report().violations),
  ];
}

async function played(
  context: TestContext,
  script: ScriptInput,
  env: NonNullable<SceneOptions['env']> = {},
): Promise<{ scene: ServiceScene; report: CallReport }> {
  const scene = await ServiceScene.open(context, { model: { script }, env: { ...impatient, ...env } });
  return { scene, report: await scene.call({ script: { steps } }).ended };
}

function timed(step: NonNullable<ScriptInput['timed']>[number]['step']) {
  return { timed: [{ atMs: 900, step }] };
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
