import { expect, test } from 'vitest';
import type { CallReport } from '../../../src/sim/carrier/call-report.ts';
import type { PlaceCallOptions } from '../../../src/sim/carrier/hosts/phone.ts';
import { toneClip } from '../../tone.ts';
import type { Ending } from '../ending.ts';
import { ServiceScene } from '../service-scene.ts';

// Each way in which a transfer comes out, over real sockets, with signatures checked. The one who is called hears a few words, because the
// simulated voice takes its time for each.

const person = '+12025550101';
const second = '+12025550102';
const desk = 'sip:desk@pbx.example.com';

const env = { TRANSFER_DESTINATIONS: `support=${person}`, TRANSFER_ANNOUNCEMENT: '{{reason}} 1?' };

type Outcomes = NonNullable<PlaceCallOptions['dialOutcomes']>;
const takesIt = { type: 'answered', ringMs: 50, talkMs: 100, pressesAfterMs: 200 } as const;

test.concurrent('a person who presses 1 hears why somebody calls, and has the caller', async (context) => {
  const { report, log } = await transfers(context, { [person]: takesIt });
  expect(told(report)).toEqual([
    `dial ${person}`,
    'hears Late parcel. 1?',
    'hears Late parcel. 1?',
    'presses 1',
    'bridged',
  ]);
  expect(log.named('callEnded')).toMatchObject([{ reason: 'transferred' }]);
  expect(log.named('callee')).toMatchObject([{ callee: 'asked' }, { callee: 'accepted' }]);
});

test.concurrent.for<[name: string, outcome: Outcomes[string], words: string]>([
  ['busy', { type: 'busy', afterMs: 50 }, 'the line was busy'],
  ['noAnswer', { type: 'no-answer', afterMs: 100 }, 'nobody answered'],
  ['declined', { ...takesIt, presses: '2' }, 'somebody answered and did not take the call'],
  ['notAccepted', { type: 'machine', ringMs: 50, talkMs: 60_000 }, 'probably by an answering machine'],
])(
  'a transfer that comes out as %s brings the caller back, and the agent knows why',
  async ([name, outcome, words], context) => {
    const { report, log, modelTold } = await transfers(context, { [person]: outcome });
    expect(log.named('dialEnded')).toMatchObject([{ outcome: name }]);
    expect(report.streams).toHaveLength(2);
    expect(modelTold()).toContain(`The transfer to \\"support\\" did not work: `);
    expect(modelTold()).toContain(words);
    expect(told(report)).not.toContain('bridged');
  },
);

test.concurrent('of two numbers the first is busy and the second takes the call', async (context) => {
  const places = { support: { to: [person, { to: second, caller_id: '+12025550188' }], ring_seconds: 20 } };
  const { report } = await transfers(
    context,
    { [person]: { type: 'busy', afterMs: 50 }, [second]: takesIt },
    { ...env, TRANSFER_DESTINATIONS: JSON.stringify(places) },
  );
  expect(told(report).filter((line) => /^dial|bridged/.test(line))).toEqual([
    `dial ${person}`,
    `dial ${second}`,
    'bridged',
  ]);
  expect(report.streams).toHaveLength(1);
});

test.concurrent('a SIP address is called and asked as well', async (context) => {
  const { report } = await transfers(
    context,
    { [desk]: takesIt },
    { ...env, TRANSFER_DESTINATIONS: `support=${desk}` },
  );
  expect(told(report)).toEqual([
    `dial ${desk}`,
    'hears Late parcel. 1?',
    'hears Late parcel. 1?',
    'presses 1',
    'bridged',
  ]);
});

test.concurrent('with TRANSFER_ACCEPT=none whoever answers has the caller', async (context) => {
  const { report } = await transfers(context, { [person]: takesIt }, { ...env, TRANSFER_ACCEPT: 'none' });
  expect(told(report)).toEqual([`dial ${person}`, 'bridged']);
});

test.concurrent('after hours the caller leaves a message, and nobody is called', async (context) => {
  const { report, log } = await transfers(
    context,
    { [person]: takesIt },
    {
      ...env,
      FALLBACK_VOICEMAIL: 'true',
      VOICEMAIL_PROMPT: 'Speak.',
      TRANSFER_DESTINATIONS: JSON.stringify({ support: { to: person, hours: 'Mon closed', after_hours: 'voicemail' } }),
    },
    'staysAway',
  );
  expect(told(report).filter((line) => line !== 'Thank you. Goodbye.')).toEqual(['Speak.']);
  expect(report.recordings).toHaveLength(1);
  expect(log.named('callEnded')).toMatchObject([{ reason: 'leftVoicemail' }]);
});

/** A call whose agent transfers it to support as soon as the caller has spoken. */
async function transfers(
  context: Ending,
  dialOutcomes: Outcomes,
  settings: Readonly<Record<string, string>> = env,
  agent: 'comesBack' | 'staysAway' = 'comesBack',
): Promise<{ readonly report: CallReport; readonly log: ServiceScene['log']; readonly modelTold: () => string }> {
  const args = { destination: 'support', reason: 'Late parcel' };
  const scene = await ServiceScene.open(context, {
    env: settings,
    model: {
      clips: new Map([['beep', toneClip(600, 400, 'Beep.')]]),
      script: {
        turns: [
          { steps: [{ say: 'beep' }] },
          {
            heard: 'A person, please.',
            steps: [{ call: { name: 'transfer_call', args, answered: [{ say: 'beep' }] } }],
          },
          { steps: [{ say: 'beep' }] },
        ],
        setupMs: 0,
        latencyMs: 0,
        heardMs: 0,
      },
    },
  });
  const steps = [
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 300 },
    { tone: { hz: 440, ms: 800 } },
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 200 },
    ...(agent === 'comesBack'
      ? ([{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 1000 }] as const)
      : ([{ pauseMs: 500 }, { tone: { hz: 440, ms: 800 } }, { pauseMs: 60_000 }] as const)),
    { hangUp: true },
  ] as const;
  const report = await scene.call({ script: { steps: [...steps] }, dialOutcomes }).ended;
  expect(report.timeline.filter(({ kind }) => kind === 'problem')).toEqual([]);
  return {
    report,
    log: scene.log,
    modelTold: () => JSON.stringify(scene.model.sessions.map(({ timeline }) => timeline)),
  };
}

/** What the caller heard of Twilio's voice, whom Twilio called, and what happened there. */
function told({ timeline }: CallReport): string[] {
  return timeline.flatMap((note) => {
    switch (note.kind) {
      case 'verb.say':
        return [note.text];
      case 'dial.started':
        return [`dial ${note.to}`];
      case 'callee.heard':
        return [`hears ${note.text}`];
      case 'callee.pressed':
        return [`presses ${note.digit}`];
      case 'dial.bridged':
        return ['bridged'];
      case 'dial.ended':
        return note.bridged && !timeline.some(({ kind }) => kind === 'dial.bridged') ? ['bridged'] : [];
      default:
        return [];
    }
  });
}
