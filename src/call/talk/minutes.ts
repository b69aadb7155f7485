import type { CutPosition, HeardReply } from '../agent/agent-voice.ts';
import type { HeardEnd } from '../agent/reply-account.ts';
import type { Reaction } from '../reaction.ts';
import type { Memory, MemoryItem } from './memory.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';
import type { UnheardWords } from './unheard-words.ts';

/** Less voice than this is no word, in ms. */
const wordMsMin = 200;

/** The minutes of the talk: each line goes into the transcript and into the memory of the call as soon as it is final. */
export class Minutes {
  readonly transcript = new Transcript();
  readonly #memory: Memory;
  readonly #unheard: UnheardWords;
  readonly #reaction: Reaction;
  #replySinceMs = 0;

  constructor(memory: Memory, unheard: UnheardWords, reaction: Reaction) {
    this.#memory = memory;
    this.#unheard = unheard;
    this.#reaction = reaction;
  }

  /** The caller's line is final. */
  callerIsDone(): void {
    this.#write(this.transcript.finishCaller());
  }

  /** The agent begins a reply, whose first sound came from the model at this moment. */
  replyBegins(sinceMs = this.#reaction.nowMs): void {
    this.callerIsDone();
    this.#unheard.replyBegins();
    this.#replySinceMs = sinceMs;
  }

  /** The caller has heard all there is of a reply. Of one without a sound nothing was heard, whatever its words say. */
  replyIsOver({ sentMs, voiceMs, isWhole, isWritten }: HeardReply): void {
    if (isWritten) return;
    if (sentMs === 0) return this.agentIsUnheard();
    if (isWhole) this.transcript.agentWasHeard(voiceMs);
    this.agentIsDone();
  }

  /** The caller has heard the end of replies that were complete. */
  repliesHeard(replies: readonly HeardEnd[]): void {
    for (const { voiceMs, nextSinceMs } of replies) {
      this.#write(this.transcript.finishEarlier(voiceMs));
      if (nextSinceMs !== null) this.replyBegins(nextSinceMs);
    }
  }

  /**
   * A turn is over, and all of it that could be heard was heard before. Its words may have come behind its sound, but none come behind its end
   * (GM-TURN-3).
   */
  turnIsOver(wasAudible: boolean): void {
    if (wasAudible) this.agentIsDone();
    else this.agentIsUnheard();
  }

  /** Nobody can hear the agent's line. */
  agentIsUnheard(): void {
    this.#write(this.transcript.finishAgent(''));
  }

  /** The agent's line is final. */
  agentIsDone(): void {
    this.#write(this.transcript.finishAgent(null));
  }

  /** The agent's line is cut off. `isMissed`: the model shall know what of it was not heard. */
  agentIsCut(position: CutPosition, isMissed: boolean): void {
    const { sentMs, heardMs, sentVoiceMs, heardVoiceMs, behindVoiceMs } = position;
    if (sentMs > 0 && heardMs >= sentMs) return this.agentIsDone();
    const heard = this.transcript.heardOfAgent(position);
    const isUnknown = heard === '' && heardVoiceMs >= wordMsMin;
    const unheardVoiceMs = sentVoiceMs - heardVoiceMs + behindVoiceMs;
    if (isMissed && unheardVoiceMs >= wordMsMin) this.#unheard.replyCut(isUnknown ? null : heard);
    this.#write(this.transcript.finishAgent(heard));
  }

  /** The call is over. */
  end(): void {
    this.callerIsDone();
    this.agentIsDone();
    this.#unheard.end();
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
}
