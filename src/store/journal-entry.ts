import type { Speaker } from '../call/effects.ts';
import { type CalleeState, calleeStates } from '../call/phone/callee-state.ts';
import { isJsonObject, type JsonObject, parseJson } from '../encoding/json.ts';

/** More tokens than any call spends, and more milliseconds than any lasts. */
const figureMax = 1e12;

/** What the journal keeps of a call. It holds what people said and who they are, so only the owner may read the file. */
export type JournalEntry =
  /** The call was taken. The numbers are as Twilio gave them; null when it withheld one. */
  | { readonly kind: 'accepted'; readonly from: string | null; readonly to: string | null }
  /** Who answers, as the admin knows the agent, and where the call came from. */
  | { readonly kind: 'agent'; readonly name: string; readonly source: 'phone' | 'browser' }
  /** The instance that has the call records it in its folder, in the log of this name. */
  | { readonly kind: 'recorded'; readonly by: string; readonly log: string }
  /** What somebody who was asked knows of the call, by name. It stands with what was said. */
  | { readonly kind: 'context'; readonly values: Readonly<Record<string, string>> }
  /** Where the call is, and what else its restoring needs. The last one counts. */
  | { readonly kind: 'state'; readonly phase: string; readonly facts: JsonObject }
  /** How far the one has come who is called, at which attempt. The last one counts. */
  | { readonly kind: 'callee'; readonly attempt: number; readonly state: CalleeState }
  /** A final line of the transcript; of the agent, what was heard. */
  | { readonly kind: 'said'; readonly speaker: Speaker; readonly text: string; readonly cut: boolean }
  /** What an operator wants the agent to know. */
  | { readonly kind: 'noted'; readonly text: string }
  /** A tool is run. `write`: it changes something outside of the call. */
  | {
      readonly kind: 'toolStarted';
      readonly id: string;
      readonly name: string;
      readonly args: JsonObject;
      readonly write?: true;
    }
  | { readonly kind: 'toolAnswered'; readonly id: string; readonly name: string; readonly response: JsonObject }
  /** The newest handle of the model session. The last one counts; null says that no handle can be used any more. */
  | { readonly kind: 'handle'; readonly handle: string | null; readonly model: string }
  /** What the call cost so far, and how long its caller waited. The last one of each process counts. */
  | ({ readonly kind: 'figures' } & CallFigures)
  /** Why the call ended as it did: codes of faults that led to it, the gravest first, and sentences for a person. */
  | { readonly kind: 'outcome'; readonly faults: readonly string[]; readonly why: string }
  /** The stream of this number has come. Its token is of no use any more. */
  | { readonly kind: 'streamed'; readonly stream: number }
  /** The process leaves the call to one that is there, at a moment in which nobody spoke or waited. */
  | { readonly kind: 'leftQuiet' }
  /**
   * Another process, or a later part of this one, has the call from here on; with the number of the stream that came to it, if one did.
   * Written by the journal itself.
   */
  | { readonly kind: 'takenOver'; readonly stream?: number }
  | { readonly kind: 'ended'; readonly reason: string };

/** How long the caller of a call waited for the first word of each answer. */
export interface WaitFigures {
  readonly count: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/** What one process knows of what a call cost, and of its waits. */
export interface CallFigures {
  /** US dollars; null for a simulated model, or one whose price is not known. */
  readonly costUsd: number | null;
  readonly tokens: number;
  /** Null when nothing was answered. */
  readonly waits: WaitFigures | null;
}

export type JournalEntryKind = JournalEntry['kind'];

/** An entry as it was read: `fence` counts who had the call, and `n` the entries of each. A gap in `n` is an entry that was dropped. */
export type JournaledEntry = JournalEntry & { readonly fence: number; readonly n: number; readonly atMs: number };

/** What the journal knows of a call. Times are Unix time in ms. */
export interface JournaledCall {
  readonly callSid: string;
  readonly startedAtMs: number;
  readonly fence: number;
  /** The process that has the call or had it last. */
  readonly process: string;
  /** Null while the call may be live. */
  readonly ended: { readonly reason: string; readonly atMs: number } | null;
  /** In order; of a very long call, the last ones of what was said. */
  readonly entries: readonly JournaledEntry[];
}

/** Whether the stream of this number has come to any process, or a later one was asked for. */
export function hasStreamed(entries: readonly JournalEntry[], stream: number): boolean {
  return entries.some((entry) => {
    if (entry.kind === 'state') return entry.phase === 'stream' && Number(entry.facts['number']) > stream;
    return 'stream' in entry && entry.stream >= stream;
  });
}

/** A tool's answer that is longer does not belong in a record of a conversation. */
const entryCharsMax = 64 * 1024;

/** In an entry that is too long, texts are cut to this length: the longest line of a transcript. */
const textCharsMax = 8_000;

/** The members of an entry as JSON. A response that cannot be written or is too long is replaced by its size. Never throws. */
export function entryJson(entry: JournalEntry): string {
  const { kind: _, ...members } = entry;
  try {
    const json = JSON.stringify(members);
    return json.length <= entryCharsMax ? json : shortened(members, json.length);
  } catch {
    // A tool gave back something that JSON does not know, such as a circle.
    return shortened(members, null);
  }
}

function shortened(members: object, omittedChars: number | null): string {
  const short = Object.entries(members).map(([name, value]) => {
    if (typeof value === 'string') return [name, value.slice(0, textCharsMax)];
    return [name, isJsonObject(value) ? { omittedChars } : value];
  });
  return JSON.stringify(Object.fromEntries(short));
}

/** Reads what `entryJson` wrote. Null when it is of a kind or shape that this version does not know. */
export function readEntry(kind: string, json: string): JournalEntry | null {
  const members = parseJson(json);
  if (!isJsonObject(members)) return null;
  const { speaker, text, cut, id, name, args, response, phase, facts, handle, model, reason, faults, why } = members;
  const calleeState = calleeStates.find((state) => state === members['state']);
  switch (kind) {
    case 'accepted':
      return { kind, from: textOrNull(members['from']), to: textOrNull(members['to']) };
    case 'agent':
      if (typeof name !== 'string') return null;
      return { kind, name, source: members['source'] === 'browser' ? 'browser' : 'phone' };
    case 'recorded': {
      const { by, log } = members;
      return typeof by === 'string' && typeof log === 'string' ? { kind, by, log } : null;
    }
    case 'context':
      return { kind, values: textsOf(members['values']) };
    case 'figures':
      return { kind, ...figuresOf(members) };
    case 'outcome':
      if (typeof why !== 'string' || !Array.isArray(faults)) return null;
      return { kind, faults: faults.filter((fault) => typeof fault === 'string'), why };
    case 'state':
      return typeof phase === 'string' && isJsonObject(facts) ? { kind, phase, facts } : null;
    case 'callee': {
      const attempt = numberOrNull(members['attempt']);
      return attempt === null || calleeState === undefined ? null : { kind, attempt, state: calleeState };
    }
    case 'said':
      if (speaker !== 'caller' && speaker !== 'agent') return null;
      return typeof text === 'string' && typeof cut === 'boolean' ? { kind, speaker, text, cut } : null;
    case 'noted':
      return typeof text === 'string' ? { kind, text } : null;
    case 'toolStarted':
      if (typeof id !== 'string' || typeof name !== 'string') return null;
      if (!isJsonObject(args)) return null;
      return { kind, id, name, args, ...(members['write'] === true && { write: true }) };
    case 'toolAnswered':
      if (typeof id !== 'string' || typeof name !== 'string') return null;
      return isJsonObject(response) ? { kind, id, name, response } : null;
    case 'handle':
      return typeof model === 'string' ? { kind, handle: textOrNull(handle), model } : null;
    case 'streamed': {
      const stream = numberOrNull(members['stream']);
      return stream === null ? null : { kind, stream };
    }
    case 'takenOver': {
      const stream = numberOrNull(members['stream']);
      return { kind, ...(stream !== null && { stream }) };
    }
    case 'leftQuiet':
      return { kind };
    case 'ended':
      return typeof reason === 'string' ? { kind, reason } : null;
    default:
      return null;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(isJsonObject(value) ? value : {})) {
    if (typeof text === 'string') texts[name] = text;
  }
  return texts;
}

function figuresOf({ costUsd, tokens, waits }: JsonObject): CallFigures {
  return { costUsd: numberOrNull(costUsd), tokens: countOrNull(tokens) ?? 0, waits: waitsOf(waits) };
}

function waitsOf(value: unknown): WaitFigures | null {
  if (!isJsonObject(value)) return null;
  const [count, medianMs, maxMs] = [value['count'], value['medianMs'], value['maxMs']].map(countOrNull);
  if (typeof count !== 'number' || typeof medianMs !== 'number' || typeof maxMs !== 'number') return null;
  return { count, medianMs, maxMs };
}

/** A whole number that every database takes, and the sum of some of them as well. */
function countOrNull(value: unknown): number | null {
  const count = numberOrNull(value);
  return count === null ? null : Math.round(Math.max(0, Math.min(count, figureMax)));
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
