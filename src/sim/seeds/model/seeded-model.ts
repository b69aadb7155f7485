import type { ScriptInput } from '../../model/script/script.ts';
import type { Draw } from '../draw.ts';

type Turn = ScriptInput['turns'][number];
type Step = NonNullable<Turn['steps']>[number];

/** Twice the commonest. A new one makes another call of every seed. */
const closeNames = [
  'internalError',
  'keyInvalid',
  'keyExpired',
  'argumentInvalid',
  'quotaExceeded',
  'quotaExhausted',
  'sessionsExhausted',
  'schedulingUnsupported',
  'modalitiesUnsupported',
  'creditsDepleted',
  'deadlineExpired',
  'internalError',
  'unavailable',
  'notImplemented',
  'aborted',
  'sessionNotFound',
  'idle',
  'goingAway',
  'restarting',
  'overloaded',
] as const;

/** Draws what the model does: what it says, which tools it calls, in which order its messages come, and how it fails. */
export function seededModel(draw: Draw): ScriptInput {
  const turns: Turn[] = [greeting(draw)];
  for (let turn = draw.int(1, 4); turn > 0; turn -= 1) turns.push(answer(draw));
  return {
    turns,
    repeat: draw.chance(50),
    latencyMs: draw.int(0, 1500),
    heardMs: draw.int(0, 800),
    setupMs: draw.chance(2) ? 'never' : draw.int(0, draw.chance(10) ? 5500 : 900),
    ...(draw.chance(2) && { refuseSetup: draw.oneOf(closeNames) }),
    speed: draw.oneOf([1, 3, 4, 6, 40]),
    transcripts: draw.oneOf(['withAudio', 'ahead', 'behind']),
    interruption: draw.oneOf(['thenTurnComplete', 'alone', 'afterTurnComplete']),
    lateMessages: draw.chance(40) ? draw.int(1, 3) : 0,
    bundled: draw.chance(30),
    deafToMs: draw.chance(10) ? 250 : 0,
    timed: [
      ...draw.maybe(12, () => ({ atMs: draw.int(0, 10_000), step: ending(draw) })),
      ...draw.maybe(25, () => ({ atMs: draw.int(0, 10_000), step: oddity(draw) })),
      ...draw.maybe(10, () => ({ atMs: draw.int(0, 10_000), step: oddity(draw) })),
    ],
  };
}

function greeting(draw: Draw): Turn {
  if (draw.chance(4)) return { steps: [] };
  return { steps: [say(draw, 'hello')], ...endOf(draw) };
}

function answer(draw: Draw): Turn {
  const heard = draw.oneOf(['Where is my order?', 'Yes.', '<noise>', '']);
  if (draw.chance(6)) return { heard, steps: [] };
  const steps: Step[] = [];
  if (draw.chance(60)) steps.push(say(draw, draw.oneOf(['short', 'long'])));
  if (draw.chance(45)) steps.push(toolCalls(draw));
  if (draw.chance(20)) steps.push({ waitMs: draw.int(0, 1200) }, say(draw, 'short'));
  return { heard, steps, ...endOf(draw) };
}

function say(draw: Draw, clip: string): Step {
  return {
    say: clip,
    ...(draw.chance(5) && { gain: 0 }),
    ...(draw.chance(10) && { speed: draw.oneOf([0.5, 0.9, 2]) }),
    ...(draw.chance(8) && { stall: { afterMs: draw.int(0, 900), forMs: draw.int(100, 4000) } }),
    ...(draw.chance(15) && { oddSplit: true as const }),
  };
}

function endOf(draw: Draw): Pick<Turn, 'ends' | 'turnCompleteReason'> {
  return {
    ends: draw.oneOf(['onTime', 'onTime', 'onTime', 'onTime', 'early', 'never']),
    ...(draw.chance(5) && { turnCompleteReason: 'RESPONSE_REJECTED' }),
  };
}

function toolCalls(draw: Draw): Step {
  const first = toolCall(draw);
  return { call: draw.chance(20) ? [first, toolCall(draw)] : first };
}

function toolCall(draw: Draw): { name: string; args: Record<string, unknown>; answered: { say: string }[] } {
  const answered = draw.chance(80) ? [{ say: draw.oneOf(['short', 'long', 'goodbye']) }] : [];
  switch (draw.int(1, 7)) {
    case 1:
    case 2:
      return { name: 'transfer_call', args: { destination: draw.oneOf(['support', 'sales']) }, answered };
    case 3:
      return { name: 'transfer_call', args: { destination: 'nowhere' }, answered };
    case 4:
      return { name: 'end_call', args: {}, answered: [] };
    case 5:
      return { name: 'invented_tool', args: { a: [1, null] }, answered };
    default:
      return { name: 'lookup_record', args: { query: 'A1042' }, answered };
  }
}

/** How the session ends by itself. */
function ending(draw: Draw): NonNullable<ScriptInput['timed']>[number]['step'] {
  switch (draw.int(1, 4)) {
    case 1:
      return { drop: true };
    case 2:
      return { goAway: { timeLeftMs: draw.int(0, 5000) } };
    default:
      return { close: draw.oneOf(closeNames) };
  }
}

/** Messages that nobody asked for. */
function oddity(draw: Draw): NonNullable<ScriptInput['timed']>[number]['step'] {
  return draw.oneOf<NonNullable<ScriptInput['timed']>[number]['step']>([
    { send: { serverContent: { interrupted: true } } },
    { send: { serverContent: { turnComplete: true } } },
    { send: { serverContent: { generationComplete: true } } },
    { send: { serverContent: { modelTurn: { parts: [{ text: 'A thought.' }] } } } },
    { send: { serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: '/' } }] } } } },
    { send: { serverContent: 7 } },
    { send: { toolCallCancellation: { ids: ['function-call-1', 'function-call-9'] } } },
    { send: { toolCall: { functionCalls: [{ name: 'lookup_record' }] } } },
    { send: { newThing: { a: 1 }, usageMetadata: { promptTokenCount: -1 } } },
    { sendText: '{"serverContent":' },
    { sendText: '[]' },
    { mute: true },
  ]);
}
