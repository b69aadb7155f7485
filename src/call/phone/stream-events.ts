import type { Reaction } from '../reaction.ts';
import type { Recovery } from '../session/recovery.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import { lineDropped, type Prompt, transferFailed } from '../talk/prompts.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { Farewell } from './farewell.ts';
import type { Leg } from './leg.ts';

/** Frames of one stream that may be unusable. A stray one is skipped; this many mean that the stream itself is broken. */
const rejectedFramesMax = 50;

/**
 * Twilio opens the next stream some hundred milliseconds after one that broke. After so long without any, it could not reach us, and a caller
 * whose turn it was has spoken to nobody.
 */
export const lineAwayMsMax = 2_500;

/** What follows for the leg and for the conversation alike when a stream comes or goes. */
export class StreamEvents {
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #farewell: Farewell;
  readonly #recovery: Recovery;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  #rejectedFrames = 0;
  /** When the last stream was lost; Infinity before. */
  #lostMs = Infinity;

  constructor(
    leg: Leg,
    conversation: Conversation,
    farewell: Farewell,
    recovery: Recovery,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#leg = leg;
    this.#conversation = conversation;
    this.#farewell = farewell;
    this.#recovery = recovery;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  started(): void {
    const leg = this.#leg;
    const { phase } = leg;
    // A second stream replaces the first (TW-CLOSE-4). What the first had not played is lost.
    if (leg.hasStream) this.#conversation.streamLost();
    if (!leg.streamStarted()) return this.#reaction.do({ type: 'stream.close', code: 1000 });
    this.#rejectedFrames = 0;
    this.#reaction.note('info', 'streamStarted', {});
    if (leg.exit === null) this.#recovery.open();
    const wordsWereLost = this.#conversation.streamStarted();
    const wasAway = this.#reaction.nowMs - this.#lostMs > lineAwayMsMax;
    this.#lostMs = Infinity;
    this.#farewell.spoken();
    this.#watchdog.streamStarted();
    const failedTransfer = phase.name === 'awaitingStream' ? phase.failedTransfer : null;
    const isMissed = wasAway && failedTransfer === null && !this.#watchdog.isActive;
    if ((wordsWereLost || isMissed) && leg.exit === null) this.#tell(lineDropped);
    if (failedTransfer !== null) this.#tell(transferFailed(failedTransfer));
  }

  /** Something has happened that the model must speak about: it is told so as soon as there is one. */
  #tell(prompt: Prompt): void {
    this.#prompter.tell(prompt);
    this.#watchdog.expect('anything');
  }

  /** A frame could not be used. */
  frameRejected(fault: string): void {
    this.#reaction.noteFault(fault);
    this.#rejectedFrames += 1;
    if (this.#rejectedFrames > rejectedFramesMax) this.close(1008);
  }

  /** Closes the stream from our side, if there is one. */
  close(code: number): void {
    if (!this.#leg.hasStream) return;
    this.#reaction.do({ type: 'stream.close', code });
    this.lost();
  }

  /** The stream is gone. */
  lost(): void {
    if (!this.#leg.hasStream) return;
    this.#lostMs = this.#reaction.nowMs;
    this.#conversation.streamLost();
    this.#leg.streamLost();
  }
}
