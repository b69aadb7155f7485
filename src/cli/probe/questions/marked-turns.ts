import type { JsonObject } from '../../../encoding/json.ts';
import { type Bench, heard, turnMsMax } from '../bench.ts';
import { wireOrder } from '../frames.ts';
import type { Microphone } from '../microphone.ts';
import type { Question } from '../question.ts';
import { endText, type ProbeSession, type SessionPlan } from '../session.ts';
import { callerWords, firstSound, longStory } from './hearing.ts';

/** The quiet with which Parley ends a turn. */
const quietMs = 540;

/** The caller's turn, marked by the client: whether `TURN_DETECTION=manual` can be used with this model. */
export const manualActivity: Question = {
  id: 'manual-activity',
  asks: 'Are turns taken that the client marks: is each answered, how fast, and what do marks do in mid-generation and behind it?',
  rules: ['GM-VAD-6', 'GM-VAD-7', 'GM-TURN-2'],
  relies:
    'marks the turns with `TURN_DETECTION=manual`, expects an answer to each, sends no text within one, and asks again where an answer is swallowed',
  model: 'configured',
  needs: { secondsMax: 150, sessions: 2, turns: 6, heardSeconds: 70, spokenSeconds: 45 },
  async ask(bench) {
    const session = await bench.open(planOf(bench));
    bench.found('the setup with detection switched off', 'taken', true);
    const microphone = bench.microphone(session);
    await answeredTurn(bench, session, microphone);
    await inMidGeneration(bench, session, microphone);
    await behindGeneration(bench, session, microphone);
    bench.found('session', session.end === null ? 'still open' : endText(session.end), session.end === null);
    microphone.stop();
    await session.close();
    await textWithin(bench);
  },
};

function planOf(bench: Bench): SessionPlan {
  const plan = bench.plan([]);
  const { agent } = plan;
  return { ...plan, agent: { ...agent, settings: { ...agent.settings, turnDetection: 'manual' } } };
}

/** Says something in a turn. The quiet is as long on the clock as it is in a call. */
async function speakTurn(bench: Bench, session: ProbeSession, microphone: Microphone, clip: string): Promise<void> {
  session.sendRaw(mark('activityStart'));
  await microphone.speak(bench.clip(clip));
  await bench.pass(quietMs);
  session.sendRaw(mark('activityEnd'));
}

async function answeredTurn(bench: Bench, session: ProbeSession, microphone: Microphone): Promise<void> {
  await speakTurn(bench, session, microphone, 'order-number');
  const endedAtMs = bench.frames.nowMs;
  bench.found('transcript before the end of the turn', `"${callerWords(session.unread())}"`);
  const before = await firstSound(session);
  bench.found('answer to a turn', `first sound ${(before.at(-1)?.atMs ?? 0) - endedAtMs} ms after activityEnd`, true);
  bench.found('what the caller said', `"${callerWords(before)}"`);
  await turnEnd(session);
}

async function inMidGeneration(bench: Bench, session: ProbeSession, microphone: Microphone): Promise<void> {
  session.say(longStory);
  await firstSound(session);
  session.sendRaw(mark('activityStart'));
  const order = wireOrder(await bench.listen(session, 4_000));
  bench.found('activityStart in mid-generation', order);
  bench.found('it interrupts the model', order.includes('interrupted') ? 'yes' : 'no');
  await microphone.speak(bench.clip('interrupting'));
  session.sendRaw(mark('activityEnd'));
  const answer = heard(await bench.listen(session, 6_000));
  bench.found('activityEnd after it', wireOrder(answer.frames));
  bench.found('answer', answer.spokenMs > 0 ? `"${answer.words}"` : 'none', answer.spokenMs > 0);
}

/** A turn that begins when all is generated and not yet played. */
async function behindGeneration(bench: Bench, session: ProbeSession, microphone: Microphone): Promise<void> {
  session.say('Say a sentence of ten words.');
  await session.next('generationComplete', turnMsMax, ({ facts }) =>
    facts.some(({ type }) => type === 'model.generationCompleted') ? true : null,
  );
  await speakTurn(bench, session, microphone, 'order-number');
  const answer = heard(await bench.listen(session, 6_000));
  bench.found('a turn behind generationComplete', wireOrder(answer.frames));
  bench.found('its answer', answer.spokenMs > 0 ? `"${answer.words}"` : 'swallowed');
  session.sendRaw(mark('activityStart'));
  await bench.pass(quietMs);
  session.sendRaw(mark('activityEnd'));
  bench.found('a turn without speech', wireOrder(await bench.listen(session, 4_000)));
}

/** Text within a turn is said to close the session. */
async function textWithin(bench: Bench): Promise<void> {
  const session = await bench.open(planOf(bench));
  session.sendRaw(mark('activityStart'));
  session.say('Say yes.');
  const order = wireOrder(await bench.listen(session, 4_000));
  bench.found('text within a turn', session.end === null ? order : endText(session.end));
  await session.close();
}

/** Waits for the end of a turn that has begun. */
function turnEnd(session: ProbeSession): Promise<true> {
  return session.next('turnComplete', turnMsMax, ({ facts }) =>
    facts.some(({ type }) => type === 'model.turnCompleted') ? true : null,
  );
}

function mark(signal: 'activityStart' | 'activityEnd'): JsonObject {
  return { realtimeInput: { [signal]: {} } };
}
