import { expect, test } from 'vitest';
import type { Door } from '../../../src/host/call-doors.ts';
import type { PhoneCall } from '../../../src/sim/carrier/hosts/phone.ts';
import type { SocketSession } from '../../../src/sim/model/hosts/model-session.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import {
  agentTonesHz,
  agentTonesOf,
  byAgent,
  callerTonesHz,
  heardTones,
  isInUse,
  sessionTones,
  soundMs,
  speaksItsTone,
} from './call-tones.ts';
import { fallback, ServiceScene } from '../service-scene.ts';

/**
 * Whether something comes by this door while a caller is on the line to whom nothing else happens. The others are broken in
 * `test/host/call-doors.test.ts`. A door that has no row is an error of its type.
 */
const comesBy: Record<Door, boolean> = {
  ask: true,
  claimStream: true,
  attach: true,
  timer: true,
  journalSettled: true,
  toolSettled: true,
  'stream.onMessage': true,
  'model.onOpen': true,
  'model.onMessage': true,
  'sdk.onSession': true,
  // When the caller has gone, or something else goes wrong.
  tell: false,
  order: false,
  show: false,
  fence: false,
  release: false,
  redirected: false,
  journalReleased: false,
  'stream.onPong': false,
  'stream.onPing': false,
  'stream.onClose': false,
  'model.onError': false,
  'model.onPong': false,
  'model.onPing': false,
  'model.onFrameTooLong': false,
  'model.onClose': false,
  'sdk.onClose': false,
  'sdk.onFailed': false,
};

const doors = Object.entries(comesBy).flatMap(([door, comes]) => (comes ? [door] : []));

/** Whoever is not broken calls in between. */
const untouchedMax = 4;

const callCount = doors.length + untouchedMax;

/** The door at which a call breaks; null if it does not. */
function doorOf(index: number): string | null {
  if (index % 2 === 1 && index < 2 * untouchedMax) return null;
  return doors[index - Math.min(Math.ceil(index / 2), untouchedMax)] ?? null;
}

/** Of 800 ms, the codec and the crossings of zero take some. */
const wholeMsMin = 740;

test('of fourteen calls, those that break end with the apology and the fallback, and the others hear all of their model', async (context) => {
  const clips = new Map(agentTonesHz.slice(0, callCount).map((hz) => [`${hz}`, toneClip(hz, 800, `${hz}`)]));
  const phones: PhoneCall[] = [];
  const hits: PhoneCall[] = [];
  const scene = await ServiceScene.open(context, {
    model: {
      clips: clips.set('beep', toneClip(600, 400, 'Beep.')),
      script() {
        const index = phones.length - 1;
        const steps =
          doorOf(index) === null
            ? [{ say: `${agentTonesHz[index]}` }]
            : [{ say: 'beep' }, { call: { name: 'end_call' } }];
        return { turns: [{ steps }], setupMs: 0, latencyMs: 0 };
      },
    },
    parts: {
      breakCall() {
        let armed = doorOf(phones.length - 1);
        return (door) => {
          if (door !== armed) return;
          armed = null;
          throw new RangeError(door);
        };
      },
    },
  });
  for (const [index, hz] of callerTonesHz.slice(0, callCount).entries()) {
    const isHit = doorOf(index) !== null;
    const phone = scene.call(isHit ? {} : { script: speaksItsTone(hz) });
    phones.push(phone);
    if (isHit) hits.push(phone);
    const untouched = phones.length - hits.length;
    // One after the other, so that each session and each fault is known to be of the call that was placed last.
    await until('the session is set up, or the call broken', () =>
      isHit ? crashes(scene).length === hits.length : scene.model.sessions.filter(isUntouched).length === untouched,
    );
  }
  const reports = await Promise.all(phones.map(({ ended }) => ended));

  expect(reports).toHaveLength(14);
  expect(crashes(scene)).toEqual(doors);
  expect(scene.service.registry.live).toEqual([]);
  for (const { ended } of hits) {
    const { timeline } = await ended;
    expect(timeline).toContainEqual(expect.objectContaining({ kind: 'verb.say', text: 'Sorry.' }));
    expect(timeline).toContainEqual(expect.objectContaining({ kind: 'dial.started', to: fallback }));
  }
  const untouched = [...reports.entries()].filter(([index]) => doorOf(index) === null);
  const byCall = untouched.map(([index, { heard }]) => heardTones(heard, callerTonesHz[index] ?? 0));
  const bySession = scene.model.sessions.filter(isUntouched).map(sessionTones);
  expect(bySession.toSorted(byAgent)).toEqual(byCall.toSorted(byAgent));
  expect(byCall.map(({ agentHz }) => agentHz)).toEqual(untouched.map(([index]) => [agentTonesHz[index]]));
  expect(untouched.map(([, { heard }]) => soundMs(heard)).filter((ms) => ms < wholeMsMin)).toEqual([]);
});

/** The doors at which calls broke, in their order. */
function crashes({ log }: ServiceScene): unknown[] {
  return log.named('callCrashed').map(({ door }) => door);
}

/** Whether a session is of a call that was not broken: such a one says a tone. */
function isUntouched(session: SocketSession): boolean {
  return isInUse(session) && agentTonesOf(session).length > 0;
}
