import type { CallEffect } from '../call/effects.ts';
import type { CallFact } from '../call/events.ts';
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
  const head = `The replay leaves the record at line ${line}, ${seconds} s into the call, when ${happened[event.type]} (${event.type}).`;
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

/** What happened, behind "when". */
const happened: Readonly<Record<CallFact['type'], string>> = {
  'call.received': 'Twilio asked what to do with the call',
  'call.restored': 'the call was taken over from another process',
  'call.completed': 'Twilio said that the call is over',
  'connect.ended': 'Twilio asked what comes after the stream',
  'dial.ended': 'the dialled leg was over',
  'record.ended': "the caller's message was over",
  'recording.stored': "Twilio told what became of the caller's message",
  'stream.started': 'the stream started',
  'stream.media': "the caller's voice arrived",
  'stream.dtmf': 'the caller pressed a key',
  'stream.marked': 'a mark came back',
  'stream.stopped': 'Twilio stopped the stream',
  'stream.closed': 'the media socket closed',
  'stream.frameRejected': 'a frame of Twilio could not be used',
  'telephony.updated': 'Twilio had redirected the call',
  'telephony.failed': 'Twilio did not redirect the call',
  'model.opened': 'the model was ready',
  'model.openFailed': 'the model session could not be opened',
  'model.closed': 'the model closed its session',
  'model.frameRejected': 'a message of the model could not be used',
  'model.audio': "the agent's voice arrived",
  'model.text': 'the model wrote a thought',
  'model.interrupted': 'the model stopped because the caller spoke',
  'model.generationCompleted': 'the model had generated its reply',
  'model.turnCompleted': "the model's turn was over",
  'model.waitingForInput': 'the model chose to wait',
  'model.interaction': 'the model told its status',
  'model.callerTranscript': "the caller's words arrived",
  'model.agentTranscript': "the agent's words arrived",
  'model.toolCalled': 'the model called a tool',
  'model.toolCancelled': 'the model cancelled a tool call',
  'model.usage': 'the model sent a bill',
  'model.goingAway': 'the model said that it will close',
  'model.resumptionUpdated': 'the model sent a resumption handle',
  'model.voiceActivity': 'the model told who speaks',
  'tool.finished': 'a tool had finished',
  'tool.failed': 'a tool had failed',
  'service.drained': 'the service wanted to stop',
  tick: 'time had passed',
};

/** What an effect orders. */
const orders: Readonly<Record<CallEffect['type'], string>> = {
  'call.answer': 'tell Twilio what comes next',
  'stream.media': 'play sound to the caller',
  'stream.mark': 'ask Twilio to say when the sound was played',
  'stream.clear': 'drop what the caller has not heard',
  'stream.close': 'close the stream',
  'model.open': 'open the model session',
  'model.sendAudio': 'send sound to the model',
  'model.sendText': 'tell the model something',
  'model.answerTools': 'answer a tool call',
  'model.close': 'close the model session',
  'tool.run': 'run a tool',
  'tool.cancel': 'stop a tool',
  'telephony.update': 'redirect the call by REST',
  'transcript.add': 'write down what was said',
  note: 'a line in the log',
  'call.end': 'end the call',
};
