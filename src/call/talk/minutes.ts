import type { ReplyPosition } from '../agent/playout.ts';
import type { Reaction } from '../reaction.ts';
import type { Memory, MemoryItem } from './memory.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';

/** The minutes of the talk: each line goes into the transcript and into the memory of the call as soon as it is final. */
export class Minutes {
  readonly transcript = new Transcript();
  readonly #memory: Memory;
  readonly #reaction: Reaction;
  #replySinceMs = 0;

  constructor(memory: Memory, reaction: Reaction) {
    this.#memory = memory;
    this.#reaction = reaction;
  }

  /** The caller's line is final. */
  callerIsDone(): void {
    this.#write(this.transcript.finishCaller());
  }

  /** The agent begins a reply. */
  replyBegins(): void {
    this.callerIsDone();
    this.#replySinceMs = this.#reaction.nowMs;
  }

  /** The agent's line is final. A position says how much of it the caller heard; null means all. */
  agentIsDone(position: ReplyPosition | null): void {
    this.#write(this.transcript.finishAgent(position));
  }

  #write(line: TranscriptLine | null): void {
    if (line === null) return;
    // A whole reply counts from its beginning, because a handle that came while it played covers it. No handle knows that a reply was cut
    // off.
    const atMs = line.speaker === 'agent' && !line.cut ? this.#replySinceMs : this.#reaction.nowMs;
    this.#memory.add({ kind: 'said', atMs, ...line });
    this.#reaction.do({ type: 'transcript.add', ...line });
  }

  /**
   * The call so far, for the instruction of the next session: all of it, or what a resumed one may not know. Null when that is nothing.
   * `saidMs`: how much audio of the agent's present reply has come.
   */
  recapFor(isResumed: boolean, saidMs: number): string | null {
    const unfinished = this.#unfinished(saidMs);
    return isResumed ? this.#memory.supplement(unfinished, this.#reaction.nowMs) : this.#memory.recap(unfinished);
  }

  /** What the agent is saying and the memory does not hold yet; null when it is silent. */
  #unfinished(saidMs: number): MemoryItem | null {
    const text = this.transcript.agentWords(saidMs);
    return text === '' ? null : { kind: 'said', atMs: this.#replySinceMs, speaker: 'agent', text, cut: false };
  }

  /** The service has kept everything up to now. */
  covered(): void {
    this.#memory.covered(this.#reaction.nowMs);
  }

  /** What an earlier process knew of the call. `coveredUntilMs`: up to when the service has kept it. */
  restored(items: readonly MemoryItem[], coveredUntilMs: number | null): void {
    this.#memory.restore(items, coveredUntilMs);
  }
}
