import type { CallEffect } from '../../call/effects.ts';
import { valueWords } from '../../calllog/story/value-words.ts';
import type { CarrierNote } from '../../sim/carrier/carrier-events.ts';

/** Tool answers may be long; so much of one fits on a line. */
const answerCharactersMax = 90;

/** One line of the story: who does what. */
export interface DemoLine {
  readonly who: 'phone' | 'twilio' | 'caller' | 'agent' | 'tool' | 'parley';
  readonly text: string;
}

/** What the phone network's side of a call tells, or null for what nobody needs to read. */
export function noteLine(note: CarrierNote): DemoLine | null {
  switch (note.kind) {
    case 'webhook.sent':
      return { who: 'twilio', text: `${note.method} ${new URL(note.url).pathname}` };
    case 'webhook.failed':
      return { who: 'twilio', text: `the webhook failed: ${note.detail}` };
    case 'problem':
      return { who: 'twilio', text: `problem ${note.code}: ${note.detail}` };
    case 'stream.started':
      return { who: 'twilio', text: 'opens the media stream' };
    case 'stream.playoutStarted':
      // The phone network plays what it was sent, and cannot tell the agent's voice from a tone that covers a silence.
      return { who: 'twilio', text: 'begins to play sound to the caller' };
    case 'stream.cleared':
      return { who: 'twilio', text: `drops ${seconds(note.discardedMs)} of sound that the caller has not heard` };
    case 'stream.ended':
      return { who: 'twilio', text: `the media stream is over (${note.code})` };
    case 'verb.say':
      return { who: 'twilio', text: `says "${note.text}"` };
    case 'dial.started':
      return { who: 'phone', text: `${note.to} rings` };
    case 'callee.pressed':
      return { who: 'phone', text: `${note.to} presses ${note.digit} to take the call` };
    case 'dial.ended':
      return { who: 'phone', text: `${note.to}: ${note.bridged ? 'talked with the caller' : note.status}` };
    case 'caller.gaveUpWaiting':
      return { who: 'caller', text: 'waits no longer for the agent' };
    case 'call.ended':
      return { who: 'phone', text: `the call is over (${note.reason})` };
    default:
      return null;
  }
}

/** What Parley's side of a call tells. */
export function effectLine(effect: CallEffect): DemoLine | null {
  switch (effect.type) {
    case 'model.open':
      return { who: 'parley', text: 'opens the model session, before the stream' };
    case 'tool.run':
      return { who: 'tool', text: `${effect.call.name} ${JSON.stringify(effect.call.args)}` };
    case 'model.answerTools':
      return {
        who: 'tool',
        text: `→ ${shortened(effect.answers.map(({ response }) => JSON.stringify(response)).join(' '))}`,
      };
    case 'call.answer':
      return effect.instruction.kind === 'dial'
        ? { who: 'parley', text: `has ${effect.instruction.target.address} dialled` }
        : null;
    case 'transcript.add':
      return { who: effect.speaker, text: `"${effect.text}${effect.cut ? ' —" (interrupted)' : '"'}` };
    case 'note':
      return noteOfParley(effect);
    default:
      return null;
  }
}

function noteOfParley({ name, fields }: Extract<CallEffect, { type: 'note' }>): DemoLine | null {
  switch (name) {
    case 'bargeIn':
      return {
        who: 'parley',
        text: `stops the agent: ${seconds(Number(fields.heardMs))} of ${seconds(Number(fields.sentMs))} were heard`,
      };
    case 'leaving':
      return { who: 'parley', text: `leaves the call after one goodbye, ${valueWords('exit', fields.exit)}` };
    case 'modelLost':
      return { who: 'parley', text: `lost the model (${fields.fault})` };
    default:
      return null;
  }
}

function shortened(text: string): string {
  return text.length <= answerCharactersMax ? text : `${text.slice(0, answerCharactersMax)}…`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
