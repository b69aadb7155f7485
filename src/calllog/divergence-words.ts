import type { CallEffect } from '../call/effects.ts';
import { eventTable } from './event-table.ts';
import type { RecordedEffect } from './log-format.ts';
import type { Divergence } from './replay.ts';

/** A member is shown up to this length; tool answers may be long. */
const shownCharsMax = 160;

/**
 * Tells a divergence in words, a few lines of plain English: when and where it is, what the recorded call ordered there, and what
 * the replayed one orders.
 */
export function divergenceWords({ line, event, recorded, replayed }: Divergence): string[] {
  const seconds = (event.atMs / 1000).toFixed(2);
  const head = `The replay leaves the record at line ${line}, ${seconds} s into the call, when ${eventTable[event.type].happened} (${event.type}).`;
  const index = recorded.findIndex((effect, at) => JSON.stringify(effect) !== JSON.stringify(replayed[at]));
  const firstAt = index === -1 ? recorded.length : index;
  const [was, is] = [recorded[firstAt], replayed[firstAt]];
  if (was !== undefined && is !== undefined && shortName(was) === shortName(is)) {
    return [
      head,
      `  Both calls order ${named(was)}, and it differs:`,
      ...differingMembers(was, is).map((text) => `    ${text}`),
    ];
  }
  return [
    head,
    `  The recorded call ordered: ${effectNames(recorded)}.`,
    `  This one orders: ${effectNames(replayed)}.`,
    `  They part where the record has ${named(was)} and this one ${named(is)}.`,
  ];
}

/** Effects by name, in order; neighbours of one name are counted. */
export function effectNames(effects: readonly RecordedEffect[]): string {
  const groups: { name: string; count: number }[] = [];
  for (const effect of effects) {
    const name = shortName(effect);
    const last = groups.at(-1);
    if (last?.name === name) last.count += 1;
    else groups.push({ name, count: 1 });
  }
  if (groups.length === 0) return 'nothing';
  return groups.map(({ name, count }) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}

/** A note is known by its own name. */
function shortName({ type, name }: RecordedEffect): string {
  return type === 'note' && typeof name === 'string' ? `note ${name}` : type;
}

function named(effect: RecordedEffect | undefined): string {
  if (effect === undefined) return 'nothing more';
  const words = new Map(Object.entries(orders)).get(effect.type);
  return words === undefined ? shortName(effect) : `${shortName(effect)} (${words})`;
}

function differingMembers(was: RecordedEffect, is: RecordedEffect): string[] {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names]
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => `${name} was ${shown(was[name])} and is ${shown(is[name])}`);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'missing';
  return json.length <= shownCharsMax ? json : `${json.slice(0, shownCharsMax)}…`;
}

/** What an effect orders. */
const orders: Readonly<Record<CallEffect['type'], string>> = {
  'call.answer': 'tell Twilio what comes next',
  'callee.answer': 'tell Twilio what to do with the one who is called',
  'stream.media': 'play sound to the caller',
  'stream.mark': 'ask Twilio to say when the sound was played',
  'stream.clear': 'drop what the caller has not heard',
  'stream.close': 'close the stream',
  'model.open': 'open the model session',
  'model.activityStart': 'tell the model that the caller begins',
  'model.activityEnd': 'tell the model that the caller has finished',
  'model.sendAudio': 'send sound to the model',
  'model.sendText': 'tell the model something',
  'model.sendPicture': 'show the model a picture',
  'model.answerTools': 'answer a tool call',
  'model.close': 'close the model session',
  'tool.run': 'run a tool',
  'tool.cancel': 'stop a tool',
  'telephony.update': 'redirect the call by REST',
  'transcript.add': 'write down what was said',
  'request.answer': 'answer an order or a picture',
  note: 'a line in the log',
  'call.end': 'end the call',
};
