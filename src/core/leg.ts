import type { CallSettings } from './call-settings.ts';
import type { CallDocument, EndReason } from './effects.ts';
import type { DialOutcome } from './events.ts';
import { exitDocument } from './exit-document.ts';
import { endReason, type Exit, type FailedTransfer, type Goodbye, type Phase } from './phase.ts';
import type { Reaction } from './reaction.ts';
import type { TimerName } from './timers.ts';

/** Twilio connects the stream within a second of our answer; after ten the caller has heard enough silence. */
const streamStartMsMax = 10_000;

/** The action follows our close within a second. After a caller's hang-up it may never come (TW-CLOSE-1). */
const connectActionMsMax = 10_000;

/** Twice the time that the REST client waits for an answer. */
const redirectMsMax = 10_000;

/** A leg lives four hours at most (TW-TWIML-3); five minutes are for its late action. */
const dialMsMax = 4 * 3_600_000 + 300_000;

/** A dialled leg rings 30 s and Twilio adds about 5 (TW-TWIML-3). Whoever is not back by then is talking to somebody. */
const dialRingMsMax = 45_000;

/** A stream that breaks more often than this will break again: a human or a goodbye is the better answer. */
const streamReturnsMax = 5;

/**
 * The caller's leg: where the phone call is, and what Twilio is told when it asks.
 *
 * ```
 * ringing ─► awaitingStream ─ stream starts ─► talking ─ exit decided ─► leaving ─ goodbye heard, stream closed ─┐
 *                  ▲                             └────────── stream lost ──────► betweenStreams ◄────────────────┘
 *                  ├──── no exit: a fresh stream ──────────────────────────────────────┤ Twilio asks, or is told by REST
 *                  └──── nobody took the transfer ──────── dialling ◄──── transfer ────┴──── hang-up ───► ended
 * ```
 */
export class Leg {
  readonly #settings: CallSettings;
  readonly #reaction: Reaction;
  #phase: Phase = { name: 'ringing' };
  #streamReturns = 0;
  /** Repeated for webhooks that are delivered twice, whose first answer has moved the phase on (TW-HOOK-4). */
  #lastDocument: CallDocument = { kind: 'nothing' };

  constructor(settings: CallSettings, reaction: Reaction) {
    this.#settings = settings;
    this.#reaction = reaction;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get isOver(): boolean {
    return this.#phase.name === 'ended';
  }

  get hasStream(): boolean {
    return this.#phase.name === 'talking' || this.#phase.name === 'leaving';
  }

  /** The exit that is decided, or null. */
  get exit(): Exit | null {
    return 'exit' in this.#phase ? this.#phase.exit : null;
  }

  /** The goodbye that the caller hears, or null when the call is not leaving. */
  get goodbye(): Goodbye | null {
    return this.#phase.name === 'leaving' ? this.#phase.goodbye : null;
  }

  // ── Twilio asks ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The voice webhook. It is answered alike however often it is delivered. */
  callReceived(): CallDocument {
    if (this.isOver) return { kind: 'nothing' };
    return this.#phase.name === 'ringing' ? this.#awaitStream(null) : { kind: 'stream' };
  }

  /** The stream is over. */
  connectEnded(callOver: boolean): CallDocument {
    if (callOver) return this.#over();
    if (this.isOver || this.#phase.name === 'dialling') return this.#lastDocument;
    return this.exit === null ? this.#streamAgain() : this.#carryOut(this.exit);
  }

  /** A dialled leg is over. `canReturn`: the agent can still talk to the caller. */
  dialEnded(outcome: DialOutcome, callOver: boolean, canReturn: boolean): CallDocument {
    if (this.#phase.name !== 'dialling') {
      if (callOver) return this.#over();
      return this.#lastDocument.kind === 'dial' ? { kind: 'hangUp', say: null } : this.#lastDocument;
    }
    const { exit } = this.#phase;
    if (callOver) return this.#end(outcome === 'connected' ? endReason(exit) : 'callerHungUp', { kind: 'nothing' });
    if (outcome === 'connected') return this.#end(endReason(exit), { kind: 'hangUp', say: null });
    if (exit.kind !== 'transfer') return this.#end('apologised', { kind: 'hangUp', say: this.#settings.apology });
    return canReturn
      ? this.#awaitStream({ destination: exit.destination, outcome })
      : this.#carryOut({ kind: 'fallback' });
  }

  // ── What happens to the stream and the call ────────────────────────────────────────────────────────────────────

  /** A stream started. Returns whether one was asked for. */
  streamStarted(): boolean {
    if (this.#phase.name === 'awaitingStream') {
      const { exit } = this.#phase;
      this.#enter(exit === null ? { name: 'talking' } : { name: 'leaving', exit, goodbye: 'spoken' });
    }
    return this.hasStream;
  }

  streamLost(): void {
    if (!this.hasStream) return;
    this.#enter({ name: 'betweenStreams', exit: this.exit });
    this.#reaction.wait('connectAction', connectActionMsMax);
  }

  /** The status callback: the phone call is over, whatever we waited for. */
  callCompleted(): void {
    this.#over();
  }

  /** Decides how the agent's part ends. The first decision stands: a transfer that was announced is carried out. */
  leave(exit: Exit, goodbye: Goodbye): void {
    const phase = this.#phase;
    if (phase.name === 'talking') this.#enter({ name: 'leaving', exit, goodbye });
    else if ((phase.name === 'awaitingStream' || phase.name === 'betweenStreams') && phase.exit === null) {
      this.#phase = { ...phase, exit };
    }
  }

  setGoodbye(goodbye: Goodbye): void {
    if (this.#phase.name === 'leaving') this.#phase = { ...this.#phase, goodbye };
  }

  redirected(): void {
    if (this.#phase.name === 'redirecting') this.#carryOut(this.#phase.exit);
  }

  redirectFailed(callOver: boolean): void {
    if (this.#phase.name === 'redirecting') {
      if (callOver) this.#end(endReason(this.#phase.exit), { kind: 'nothing' });
      else this.#end('redirectFailed', this.#lateAnswer);
    }
  }

  /** A deadline of this leg has passed. */
  timedOut(timer: Extract<TimerName, 'streamStart' | 'connectAction' | 'redirect' | 'dial'>): void {
    switch (timer) {
      case 'streamStart':
        return void this.#end('streamNeverStarted', this.#lateAnswer);
      case 'redirect':
        return void this.#end('redirectFailed', this.#lateAnswer);
      case 'dial':
        return void this.#end('dialTimedOut', this.#lateAnswer);
      case 'connectAction':
        return this.exit === null ? void this.#end('callerHungUp', this.#lateAnswer) : this.#redirect(this.exit);
    }
  }

  /** For a call that was given up: if Twilio asks after all, a caller is still there. */
  get #lateAnswer(): CallDocument {
    return exitDocument({ kind: 'fallback' }, this.#settings);
  }

  // ── Transitions ────────────────────────────────────────────────────────────────────────────────────────────────

  #awaitStream(failedTransfer: FailedTransfer | null): CallDocument {
    this.#enter({ name: 'awaitingStream', exit: null, failedTransfer });
    this.#reaction.wait('streamStart', streamStartMsMax);
    return this.#answer({ kind: 'stream' });
  }

  #streamAgain(): CallDocument {
    this.#streamReturns += 1;
    if (this.#streamReturns > streamReturnsMax) return this.#carryOut({ kind: 'fallback' });
    // Whoever came back from a failed transfer has not heard of it yet.
    return this.#awaitStream(this.#phase.name === 'awaitingStream' ? this.#phase.failedTransfer : null);
  }

  #carryOut(exit: Exit): CallDocument {
    const document = exitDocument(exit, this.#settings);
    if (document.kind !== 'dial') return this.#end(endReason(exit), document);
    this.#enter({ name: 'dialling', exit });
    this.#reaction.wait('dial', dialMsMax);
    this.#reaction.wait('dialRing', dialRingMsMax);
    return this.#answer(document);
  }

  /** Twilio did not ask what comes next, so it is told. */
  #redirect(exit: Exit): void {
    this.#enter({ name: 'redirecting', exit });
    this.#reaction.wait('redirect', redirectMsMax);
    this.#reaction.do({ type: 'telephony.update', document: exitDocument(exit, this.#settings) });
  }

  #over(): CallDocument {
    return this.isOver ? { kind: 'nothing' } : this.#end(endReason(this.exit), { kind: 'nothing' });
  }

  #end(reason: EndReason, document: CallDocument): CallDocument {
    this.#enter({ name: 'ended', reason });
    return this.#answer(document);
  }

  #answer(document: CallDocument): CallDocument {
    this.#lastDocument = document;
    return document;
  }

  #enter(phase: Phase): void {
    this.#reaction.note('debug', 'phase', { from: this.#phase.name, to: phase.name });
    this.#reaction.stopWaiting('streamStart', 'connectAction', 'redirect', 'dial', 'dialRing', 'goodbye');
    this.#phase = phase;
  }
}
