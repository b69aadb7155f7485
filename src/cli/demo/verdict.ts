import type { CallEffect } from '../../call/effects.ts';
import type { CarrierNote } from '../../sim/carrier/carrier-events.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { isBargeInClear } from './barge-in.ts';

/** What both sides of a call say about it. */
export interface Evidence {
  /** What the product ordered. */
  readonly effects: readonly CallEffect[];
  /** What the carrier did. */
  readonly notes: readonly CarrierNote[];
  /** The messages that the model got, parsed. */
  readonly modelReceived: readonly unknown[];
}

/**
 * What should have happened on a demo call and did not, one sentence each. Each of them must have happened on both sides. `lookUps`: the tools
 * with which the agent was to look something up.
 */
export function missing(evidence: Evidence, lookUps: readonly string[]): string[] {
  return [
    ...lookUps.flatMap((name) => missingLookUp(name, evidence)),
    ...missingClear(evidence),
    ...missingTransfer(evidence),
  ];
}

function missingLookUp(tool: string, { effects, modelReceived }: Evidence): string[] {
  const found = effects
    .flatMap((effect) => (effect.type === 'model.answerTools' ? effect.answers : []))
    .filter(({ name, response }) => name === tool && response.status === 'found');
  if (found.length === 0) return [`Look-up: Parley gave the model nothing that ${tool} had found.`];
  const receivedIds = new Set(modelReceived.flatMap(foundIds));
  return found.some(({ id }) => receivedIds.has(id))
    ? []
    : [`Look-up: what ${tool} had found did not reach the model.`];
}

/** The ids of the tool calls that a message answers with a record that was found. */
function foundIds(message: unknown): unknown[] {
  const answer = isJsonObject(message) ? message.toolResponse : null;
  const responses: unknown = isJsonObject(answer) ? answer.functionResponses : null;
  if (!Array.isArray(responses)) return [];
  return responses.flatMap((each: unknown) =>
    isJsonObject(each) && isJsonObject(each.response) && each.response.status === 'found' ? [each.id] : [],
  );
}

function missingClear({ effects, notes }: Evidence): string[] {
  const clears = effects.flatMap(({ type }, at) => (type === 'stream.clear' ? [isBargeInClear(effects, at)] : []));
  if (!clears.includes(true)) return ['Clear: Parley did not order it.'];
  // The carrier clears in the order in which it was told to.
  const dropped = notes.flatMap((note) => (note.kind === 'stream.cleared' ? [note.discardedMs > 0] : []));
  return clears.some((isBargeIn, order) => isBargeIn && dropped[order] === true)
    ? []
    : ['Clear: the carrier dropped no audio.'];
}

function missingTransfer({ effects, notes }: Evidence): string[] {
  const number = effects
    .flatMap((effect) =>
      effect.type === 'call.answer' && effect.instruction.kind === 'dial' ? [effect.instruction.target.address] : [],
    )
    .at(0);
  if (number === undefined) return ['Transfer: Parley did not order it.'];
  if (!notes.some((note) => note.kind === 'dial.started' && note.to === number))
    return ['Transfer: the carrier did not dial.'];
  const isBridged = notes.some((note) => note.kind === 'dial.ended' && note.to === number && note.bridged);
  return isBridged ? [] : ['Transfer: the carrier dialled, but nobody talked with the caller.'];
}
