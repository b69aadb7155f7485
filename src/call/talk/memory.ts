import type { CallInstruction, Speaker } from '../effects.ts';
import type { CalleeState } from '../phone/callee-state.ts';
import type { ToolCall, ToolResponse } from '../tooling/tool-call.ts';
import type { PastWrite } from '../tooling/writes.ts';

/** The beginning of a call, where people say their names and wishes, and its end are always told. */
const firstItemsMax = 24;
const lastItemsMin = 40;

/** Together with the beginning, an hour of a line every nine seconds. */
const lastItemsMax = 400;

/**
 * The middle is told as far as it fits. Half an hour of brisk talk has some 12,000 characters. An instruction is paid for with every
 * turn: these 16,000 cost a sixth of the sound that the model keeps (`npm run bench:cost`).
 */
const recapCharsMax = 16_000;
const omission = '(Here a part of the call is left out.)';

/** A longer line says no more to the model. */
const itemCharsMax = 400;

/** The model forgets the oldest part of a long call when its context is compressed (GM-COMPRESS-1). The last minutes it still has. */
const rememberedMs = 150_000;

/** Something that was said, that a tool found out, or that the agent shall know. */
export type MemoryItem =
  | {
      readonly kind: 'said';
      readonly atMs: number;
      readonly speaker: Speaker;
      readonly text: string;
      readonly cut: boolean;
    }
  /** What an operator wants the agent to know. */
  | { readonly kind: 'noted'; readonly atMs: number; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly atMs: number;
      readonly call: Pick<ToolCall, 'name' | 'args'>;
      readonly response: ToolResponse;
    };

/** What is left of a call whose process is gone. Times are ms of the new process's clock, so they lie before 0. */
export interface CallMemory {
  readonly items: readonly MemoryItem[];
  /** The handle of the model session, and until when it covers the conversation. */
  readonly handle: { readonly value: string; readonly atMs: number } | null;
  /** What Twilio was told last. */
  readonly instruction: CallInstruction;
  /** How far the one had come who is called, if anybody is. */
  readonly callee: CalleeState;
  /** The number of the latest stream that Twilio was told to open. */
  readonly streamNumber: number;
  /** How long the call has lasted. */
  readonly elapsedMs: number;
  /** The writes of the earlier process, in the order in which they began; none in the log of a version that did not keep them. */
  readonly writes?: readonly PastWrite[];
  /** Nobody spoke or waited when the earlier process left the call to one that was there, so nobody need hear of it. */
  readonly wasQuiet?: boolean;
  /** The stream that Twilio was told to open last comes here, so it does not ask what comes next. */
  readonly streamComes?: boolean;
}

/** An item as it is told, so that nothing longer is kept of it. */
interface Told {
  readonly atMs: number;
  readonly line: string;
}

/**
 * What has happened on the call, in short, for a model session that was not there. What a session remembers through its handle is not told
 * again, with two exceptions: what is so old that it may have been forgotten, and what it knew from its instruction only.
 */
export class Memory {
  #first: Told[] = [];
  #last: Told[] = [];
  /** Until when the service keeps the conversation under the newest handle. */
  #coveredUntilMs = -Infinity;
  /** What a session knows from its instruction only. The next session's instruction replaces it, so these items must be told every time. */
  readonly #told = new Set<Told>();

  add(item: MemoryItem): void {
    this.#keep(toldOf(item));
  }

  #keep(told: Told): void {
    if (this.#first.length < firstItemsMax) this.#first.push(told);
    else this.#last.push(told);
    if (this.#last.length <= lastItemsMax) return;
    for (const dropped of this.#last.splice(0, 1)) this.#told.delete(dropped);
  }

  /** The newest handle covers everything up to this moment. */
  covered(untilMs: number): void {
    this.#coveredUntilMs = untilMs;
  }

  /**
   * The whole call, for a session that knows nothing of it; null when nothing has happened yet. `unfinished`: what is being said.
   */
  recap(unfinished: MemoryItem | null): string | null {
    return this.#tell(() => true, unfinished);
  }

  /** What a resumed session may not know: what came after its handle, and what is so old that it was forgotten. Null when it knows everything. */
  supplement(unfinished: MemoryItem | null, nowMs: number): string | null {
    const isForgotten = ({ atMs }: Told): boolean => atMs < nowMs - rememberedMs;
    const isNew = ({ atMs }: Told): boolean => atMs > this.#coveredUntilMs;
    return this.#tell((item) => isForgotten(item) || isNew(item) || this.#told.has(item), unfinished);
  }

  /** Items from an earlier process. They are told every time, because it is not known which of them were told in an instruction only. */
  restore(items: readonly MemoryItem[], coveredUntilMs: number | null): void {
    for (const told of items.map(toldOf)) {
      this.#told.add(told);
      this.#keep(told);
    }
    if (coveredUntilMs !== null) this.covered(coveredUntilMs);
  }

  #tell(isWanted: (told: Told) => boolean, unfinished: MemoryItem | null): string | null {
    const kept = [...this.#first, ...this.#last].filter(isWanted);
    for (const told of kept) this.#told.add(told);
    const last = unfinished === null ? [] : [toldOf(unfinished)].filter(isWanted);
    return written([...kept, ...last].map(({ line }) => line));
  }
}

function written(lines: readonly string[]): string | null {
  if (lines.length === 0) return null;
  const lastFrom = Math.max(firstItemsMax, lines.length - lastItemsMin);
  const first = lines.slice(0, firstItemsMax);
  const last = lines.slice(lastFrom);
  const middle = newest(lines.slice(firstItemsMax, lastFrom), recapCharsMax - charsOf(first) - charsOf(last));
  const gap = first.length + middle.length + last.length < lines.length ? [omission] : [];
  return [...first, ...gap, ...middle, ...last].join('\n');
}

/** The last of these lines, as many as fit. */
function newest(lines: readonly string[], charsMax: number): readonly string[] {
  let chars = 0;
  const tooMany = lines.findLastIndex(({ length }) => {
    chars += length + 1;
    return chars > charsMax;
  });
  return lines.slice(tooMany + 1);
}

function charsOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length + 1, 0);
}

function toldOf(item: MemoryItem): Told {
  return { atMs: item.atMs, line: lineOf(item) };
}

function lineOf(item: MemoryItem): string {
  if (item.kind === 'tool') {
    const { call, response } = item;
    return `Tool ${call.name} ${shortJson(call.args)}: ${shortJson(response)}`;
  }
  // An order is told in full.
  if (item.kind === 'noted') return `Note from your supervisor, which the caller does not hear: ${item.text}`;
  const who = item.speaker === 'caller' ? 'Caller' : 'You';
  return `${who}: ${shortened(item.text)}${item.cut ? ' (the caller heard no more of this)' : ''}`;
}

/** Arguments or an answer of a tool, as far as a line of the recap tells them. */
export function shortJson(value: ToolResponse): string {
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length <= itemCharsMax ? text : `${text.slice(0, itemCharsMax)}…`;
}
