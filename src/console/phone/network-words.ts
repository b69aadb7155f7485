import type { EndReason } from '../../call/effects.ts';
import type { CarrierEndReason, CarrierNote } from '../../sim/carrier/carrier-events.ts';
import type { BrowserCallState, PhoneNews } from './phone-news.ts';

/** Names of the numbers that may be dialled. */
export type NumberNames = ReadonlyMap<string, string>;

/** What a note of the phone network tells the person who called; null for what nobody needs to read. */
export function newsOfNote(note: CarrierNote, names: NumberNames): PhoneNews | null {
  switch (note.kind) {
    case 'call.answered':
      return { type: 'state', state: { phase: 'talking' } };
    case 'stream.cleared':
      return { type: 'clear' };
    case 'verb.say':
      return event(`The phone network says: “${note.text}”`);
    case 'verb.play':
      return event('The phone network plays a recording.');
    case 'verb.recorded':
      return event('The phone network has taken a message. As this call comes from the browser, it is not kept.');
    case 'dial.started':
      return event(
        `Now ${names.get(note.to) ?? 'the destination'} would ring. This call comes from the browser, so nobody is called.`,
      );
    case 'dial.ended':
      return event(
        note.bridged
          ? `${names.get(note.to) ?? 'The destination'} would have talked with you, and has hung up.`
          : `${names.get(note.to) ?? 'The destination'} could not be reached (${note.status}).`,
      );
    case 'webhook.failed':
      return event(`Parley did not answer the phone network (${note.purpose}): ${note.detail}.`);
    case 'problem':
      return event(`Problem ${note.code} of the phone network: ${note.meaning}.`);
    default:
      return null;
  }
}

/** How Parley ended a call, if it did. `wantsMessage`: a message was what was wanted, and nothing was wrong. */
interface ParleysEnd {
  readonly ended: EndReason | null;
  readonly wantsMessage: boolean;
}

/** Where a call is that is over. */
export function stateOfEnd(reason: CarrierEndReason, parleys: ParleysEnd): BrowserCallState {
  switch (reason) {
    case 'callerHungUp':
      return well('You hung up.');
    case 'rejected':
      return wrong(
        'Parley refused the call: it has as many calls as it takes, or it is about to stop. Try again when a call is over, or raise MAX_CONCURRENT_CALLS.',
      );
    case 'applicationError':
      return wrong('Parley gave the phone network no usable answer. Its log says why.');
    case 'callTooLong':
      return wrong('The call was longer than the phone network allows.');
    default:
      return stateOfEndByParley(parleys);
  }
}

function stateOfEndByParley({ ended, wantsMessage }: ParleysEnd): BrowserCallState {
  switch (ended) {
    case 'agentHungUp':
      return well('The agent hung up.');
    case 'endedByOperator':
      return well('An operator ended the call.');
    case 'transferred':
      return well('The agent passed you on.');
    case 'leftVoicemail':
      return wantsMessage
        ? well('You left a message.')
        : wrong('The agent could not go on, and a message was taken. The log of Parley says why.');
    case 'apologised':
      return wrong('The agent could not go on, and apologised. The log of Parley says why.');
    case null:
      return wrong('The call ended before Parley could say how. Its log says why.');
    default:
      return wrong(`Parley ended the call (${ended}). Its log says why.`);
  }
}

function well(why: string): BrowserCallState {
  return { phase: 'over', went: 'well', why };
}

function wrong(why: string): BrowserCallState {
  return { phase: 'over', went: 'wrong', why };
}

function event(text: string): PhoneNews {
  return { type: 'event', text };
}
