import type { Speaker } from '../../../call/effects.ts';
import type { ToolCall } from '../../../call/tooling/tool-call.ts';
import { shortText } from '../../../encoding/short-text.ts';
import { wordsBehind } from '../../words-behind.ts';
import type { LiveItem, ToolState } from './live-call.ts';

/** An operator reads the last minutes; what was before stands in the history. */
const itemsMax = 300;

/** A line of a conversation holds minutes of speech, and a board is no place to read all of it. */
const wordsCharsMax = 2_000;

/** Tool data is shown up to this length. */
const dataCharsMax = 500;

type Words = Extract<LiveItem, { kind: 'words' }>;
type ToolItem = Extract<LiveItem, { kind: 'tool' }>;

/** What was said, done and happened on a call, the last of it, and what of that has changed since a moment. */
export class CallItems {
  readonly #items = new Map<number, { readonly item: LiveItem; readonly change: number }>();
  /** Lines of which more may come. */
  readonly #open = new Map<Speaker, Words>();
  /** Tool calls that run, by their ids. */
  readonly #running = new Map<string, ToolItem>();
  #made = 0;
  #changes = 0;
  #waitMs: number | null = null;

  /** Counts the changes. */
  get changes(): number {
    return this.#changes;
  }

  get forgotten(): number {
    return this.#made - this.#items.size;
  }

  /** Names of the tools that run. */
  get running(): readonly string[] {
    return [...this.#running.values()].map(({ name }) => name);
  }

  /** The items that are new or other than they were at this count of changes. */
  since(change: number): LiveItem[] {
    return [...this.#items.values()].filter((kept) => kept.change > change).map(({ item }) => item);
  }

  /** What a speaker has said of a line that is not final. */
  openWords(speaker: Speaker): string {
    return this.#open.get(speaker)?.text ?? '';
  }

  news(atMs: number, text: string, isTrouble = false): void {
    this.#put({ id: this.#newId(), atMs, kind: 'news', text, isTrouble });
  }

  /** A fragment of a transcript has come. */
  fragment(atMs: number, speaker: Speaker, text: string): void {
    const line = this.#open.get(speaker);
    if (line === undefined && text.trim() === '') return;
    const open = line ?? this.#newLine(atMs, speaker);
    this.#putLine({ ...open, text: shortText(open.text + text, wordsCharsMax) });
  }

  /** A line is final. */
  finished(atMs: number, speaker: Speaker, text: string, isCut: boolean): void {
    const open = this.#open.get(speaker) ?? this.#newLine(atMs, speaker);
    this.#put({ ...open, text: shortText(text, wordsCharsMax), state: isCut ? 'cut' : 'whole' });
    this.#open.delete(speaker);
    if (!isCut) this.fragment(atMs, speaker, wordsBehind(open.text, text));
  }

  /** How long the caller waited for the answer that begins. */
  waited(waitMs: number): void {
    const line = this.#open.get('agent');
    if (line === undefined) this.#waitMs = waitMs;
    else this.#putLine({ ...line, waitMs });
  }

  toolRuns(atMs: number, { id, name, args }: ToolCall): void {
    const state = 'running' as const;
    const item: ToolItem = {
      id: this.#newId(),
      atMs,
      kind: 'tool',
      name,
      args: data(args),
      state,
      tookMs: null,
      answer: '',
    };
    this.#running.set(id, item);
    this.#put(item);
  }

  /** A tool call is over: with an answer, with what went wrong, or with nothing. */
  toolEnded(atMs: number, id: string, state: Exclude<ToolState, 'running'>, answer: string): void {
    const item = this.#running.get(id);
    if (item === undefined) return;
    this.#running.delete(id);
    this.#put({ ...item, state, answer: shortText(answer, dataCharsMax), tookMs: atMs - item.atMs });
  }

  #newLine(atMs: number, speaker: Speaker): Words {
    const waitMs = speaker === 'agent' ? this.#waitMs : null;
    if (speaker === 'agent') this.#waitMs = null;
    return { id: this.#newId(), atMs, kind: 'words', speaker, text: '', state: 'open', waitMs };
  }

  #putLine(line: Words): void {
    this.#open.set(line.speaker, line);
    this.#put(line);
  }

  #newId(): number {
    this.#made += 1;
    return this.#made;
  }

  /** What was forgotten stays so, even when it changes. */
  #put(item: LiveItem): void {
    this.#changes += 1;
    if (item.id <= this.#made - itemsMax) return;
    this.#items.set(item.id, { item, change: this.#changes });
    this.#items.delete(this.#made - itemsMax);
  }
}

function data(value: unknown): string {
  return shortText(JSON.stringify(value) ?? '', dataCharsMax);
}
