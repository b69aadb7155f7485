import { z } from 'zod';

import type { LeaveOrder } from '../call/events.ts';
import { shortReason } from '../call/phone/destination.ts';
import type { Tool, ToolResult } from './tool.ts';
import { defineTool } from './tool.ts';

/** When somebody is at a destination, and what becomes of a caller when nobody is. */
export interface TransferPlace {
  /** Null: somebody is always there. */
  readonly hours: { isOpen(unixMs: number): boolean; words(unixMs: number): string } | null;
  readonly afterHours:
    | { readonly kind: 'tell' }
    | { readonly kind: 'message' }
    | { readonly kind: 'destination'; readonly name: string };
}

/** Each agent has one of its own, if it may transfer at all. */
export const transferCallName = 'transfer_call';

/**
 * `transfer_call`: connects the caller with one of `destinations`, of which there is at least one. The model knows names only. It is
 * answered at once, because the model is silent until then and must still say goodbye. `places`: when somebody is there; always where
 * nothing is said. `unixMs` tells the time of day.
 */
export function createTransferCall(
  destinations: readonly string[],
  places: ReadonlyMap<string, TransferPlace> = new Map(),
  unixMs: () => number = () => Date.now(),
): Tool {
  return defineTool({
    name: transferCallName,
    description:
      'Connects the caller with a person and ends your part of the call. Call it when the caller asks for a person, ' +
      'or when you cannot help and the caller agrees to be connected. Do not say goodbye before you call it.',
    effect: 'call',
    parameters: z.object({
      destination: z.enum(destinations).describe('The place that fits what the caller needs.'),
      reason: z
        .string()
        .optional()
        .describe(
          'Who the caller is, if known, and what it is about, in at most ten words and in your own language. ' +
            'The person who is called hears it before taking the call.',
        ),
    }),
    run: ({ destination, reason }) => transfer(destination, shortReason(reason ?? ''), places, unixMs()),
  });
}

function transfer(
  wanted: string,
  reason: string | null,
  places: ReadonlyMap<string, TransferPlace>,
  nowMs: number,
): ToolResult {
  const seen = new Set<string>();
  let name = wanted;
  for (let place = places.get(name); place?.hours?.isOpen(nowMs) === false; place = places.get(name)) {
    const { afterHours } = place;
    seen.add(name);
    if (afterHours.kind === 'message') return message(wanted, place.hours.words(nowMs));
    if (afterHours.kind === 'tell' || seen.has(afterHours.name)) return closed(wanted, place.hours.words(nowMs));
    name = afterHours.name;
  }
  const instead = name === wanted ? '' : `Nobody is at ${wanted} at this hour. `;
  return leaving(
    `${instead}The caller will be connected with ${name} as soon as you have finished speaking. ` +
      'Say in one short sentence that you are connecting the caller, and nothing after it.',
    { kind: 'transfer', destination: name, reason },
  );
}

function leaving(result: string, leave: LeaveOrder): ToolResult {
  return { response: { result }, leave };
}

function message(name: string, when: string): ToolResult {
  return leaving(
    `Nobody is at ${name} at this hour: ${when}. The caller may leave a message as soon as you have finished speaking. ` +
      'Say so in one short sentence, and nothing after it.',
    { kind: 'message' },
  );
}

function closed(name: string, when: string): ToolResult {
  return {
    response: {
      error: `Nobody is at ${name} at this hour: ${when}. Tell the caller so, and offer what you can do.`,
    },
  };
}
