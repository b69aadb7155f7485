import type { CallSettings, ModelBehavior } from '../call-settings.ts';
import type { ModelRemedy } from '../events.ts';
import type { Reaction } from '../reaction.ts';
import { Rotation } from './rotation.ts';

/** What a connection needs to know of the settings. */
export type ConnectionSettings = Pick<CallSettings, 'model' | 'sessionMsMax' | 'patience'>;

/**
 * The waits before each attempt to reopen a session: at once after a single cut, then longer, so as not to hammer a service that is down.
 * Afterwards `backoffMsMax`.
 */
const backoffMs = [0, 500, 1_000, 2_000];
const backoffMsMax = 3_000;

/** A service that has no room is not asked again at once: its quotas count by the minute, and its sessions end with calls. */
const laterMsMin = 1_000;

/** A service that was reached and refused this often refuses the model itself. */
const triesOfOneModel = 3;

/** A call whose session breaks more often than this will not recover: a person is the better answer. */
const reopeningsMax = 12;

/** One session that sends more than it may is a mishap. */
const sessionsOverBudgetMax = 3;

/** What the next session begins with: the history that the service kept, or our recap of the call. */
export type Opening = 'resume' | 'fresh';

/** Why a session was lost, and what may help. */
export interface Loss {
  readonly remedy: ModelRemedy;
  /** 0 to 1: spreads the tries of many calls that lost their sessions together. */
  readonly jitter: number;
  /** Whether the service was reached at all. If not, the handle can still be used. */
  readonly wasReached: boolean;
}

/**
 * The connection to the model: which session there is, with what the next one begins, and how often that may be tried.
 *
 * ```
 * unopened ─► opening ─► open ─┐
 *               ▲  ▲ └─ lost ──┴─► waiting ─┐        closed: for good
 *               │  └────── backoff over ────┘
 *               └─ rotation, recovery (the old session is closed first: a handle is refused while it lives, GM-RESUME-1)
 * ```
 *
 * While nobody needs a session, as during a transfer, a lost one leaves the connection `parked`: it is opened when the caller is back.
 */
export class ModelConnection {
  /** When the session that is there should be replaced although it works. */
  readonly rotation: Rotation;
  readonly #settings: ConnectionSettings;
  readonly #reaction: Reaction;
  #state: 'unopened' | 'opening' | 'open' | 'waiting' | 'parked' | 'closed' = 'unopened';
  #handle: string | null = null;
  #handleIsCurrent = false;
  #opening: Opening = 'fresh';
  #usesFallback = false;
  #tries = 0;
  #reopenings = 0;
  #sessionsOverBudget = 0;
  #sessions = 0;

  constructor(settings: ConnectionSettings, reaction: Reaction) {
    this.rotation = new Rotation(reaction, settings.sessionMsMax);
    this.#settings = settings;
    this.#reaction = reaction;
  }

  get isUnopened(): boolean {
    return this.#state === 'unopened';
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether no session is there, but one is coming. */
  get isAwaited(): boolean {
    return !this.isOpen && !this.isClosed;
  }

  /** What the next session begins with. */
  get nextOpening(): Opening {
    return this.#handle !== null && this.#opening === 'resume' ? 'resume' : 'fresh';
  }

  /** How the model of the present session behaves. */
  get behavior(): ModelBehavior {
    const { first, fallback } = this.#settings.model;
    return this.#usesFallback && fallback !== null ? fallback : first;
  }

  /** Whether the handle covers the whole conversation, or there is none, so that to replace the session loses nothing. */
  get isKept(): boolean {
    return this.#handle === null || this.#handleIsCurrent;
  }

  /** How many sessions were ordered. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Orders a session. `recap`: what its instruction has to tell of the call so far. */
  open(recap: string | null): void {
    const handle = this.nextOpening === 'resume' ? this.#handle : null;
    this.#state = 'opening';
    this.#sessions += 1;
    this.#handleIsCurrent = false;
    this.#reaction.stopWaiting('modelRetry');
    // The socket has a deadline of its own as well.
    this.#reaction.wait('modelOpen', this.#settings.patience.setupMs);
    this.#reaction.do({ type: 'model.open', handle, recap, fallback: this.#usesFallback });
  }

  /** The session is there. Returns whether it was waited for. */
  opened(): boolean {
    if (this.#state !== 'opening') return false;
    this.#state = 'open';
    this.#reaction.stopWaiting('modelOpen');
    // If this session breaks, its own handle is tried first.
    this.#opening = 'resume';
    this.rotation.opened();
    return true;
  }

  /**
   * The service sends a handle, or says that the session cannot be resumed just now (GM-RESUME-1). Returns whether the handle covers
   * everything.
   */
  resumptionUpdated(handle: string | null, resumable: boolean): boolean {
    this.#handleIsCurrent = resumable && handle !== null;
    if (this.#handleIsCurrent) this.#handle = handle;
    return this.#handleIsCurrent;
  }

  /** A handle from the journal of an earlier process. */
  restore(handle: string | null): void {
    this.#handle = handle;
    this.#opening = 'resume';
    this.#state = 'parked';
  }

  /** The session has sent more than a session may, and will be lost. */
  overBudget(): void {
    this.#sessionsOverBudget += 1;
  }

  /** The session, or the attempt to open one, is lost. Returns whether another attempt follows, after a wait. */
  lost({ remedy, jitter, wasReached }: Loss): boolean {
    const wasOpening = this.#state === 'opening';
    this.rotation.ended();
    this.#reaction.stopWaiting('modelOpen');
    if (this.#sessionsOverBudget >= sessionsOverBudgetMax) return false;
    // A stale handle and a dying service look alike: what fails with a handle is tried without it. A service that has no room
    // has not looked at it.
    const hadNoRoom = remedy === 'later';
    if (!hadNoRoom && (remedy !== 'resume' || (wasOpening && wasReached))) this.#handle = null;
    const isHopeless = wasOpening && wasReached && this.#tries >= triesOfOneModel;
    // Each model has a quota of its own.
    const isFull = hadNoRoom && this.#tries > 0;
    const wantsOther = remedy === 'otherModel' || isFull || (isHopeless && remedy !== 'none');
    if (wantsOther && this.#settings.model.fallback !== null && !this.#usesFallback) {
      this.#usesFallback = true;
      // It is good for the model that gave it (GM-RESUME-2).
      this.#handle = null;
    } else if (remedy === 'otherModel' || remedy === 'none') return false;
    // A failed attempt does not count as another loss; the outage bounds them all.
    if (!wasOpening) this.#reopenings += 1;
    if (this.#reopenings > reopeningsMax) return false;
    const backMs = Math.max(backoffMs[this.#tries] ?? backoffMsMax, hadNoRoom ? laterMsMin : 0);
    const waitMs = backMs * (0.5 + jitter / 2);
    this.#tries += 1;
    this.#state = 'waiting';
    // Not within the current event: it may be the late answer to the setup that was just given up.
    this.#reaction.wait('modelRetry', wasOpening ? Math.max(1, waitMs) : waitMs);
    return true;
  }

  /** Gives the session up for another one, which `open` then orders. Returns false when there were too many. */
  leave(opening: Opening): boolean {
    if (this.#reopenings >= reopeningsMax) return false;
    this.#reopenings += 1;
    this.#discard(opening);
    return true;
  }

  /** Gives the session up because its time is over, which is no fault of it. */
  rotate(): void {
    this.#discard(this.rotation.isPictured ? 'fresh' : 'resume');
  }

  /** The session gets a picture. */
  pictured(): void {
    if (this.behavior.pictures === 'shortenSession') this.rotation.pictured();
  }

  #discard(opening: Opening): void {
    this.rotation.ended();
    this.#reaction.stopWaiting('modelOpen', 'modelRetry');
    this.#reaction.do({ type: 'model.close' });
    this.#state = 'waiting';
    this.#opening = opening;
    if (opening === 'fresh') this.#handle = null;
  }

  /** The session has answered well: the next loss is a new one. */
  replyHeard(): void {
    this.#tries = 0;
  }

  /** The session is lost while nobody needs one: the next is opened when the caller is back. */
  park(): void {
    this.rotation.ended();
    this.#reaction.stopWaiting('modelOpen', 'modelRetry');
    this.#state = 'parked';
  }

  get isParked(): boolean {
    return this.#state === 'parked';
  }

  /** Nobody needs a model any more. Returns whether there was one, or might have been. */
  close(): boolean {
    if (this.#state === 'closed') return false;
    this.#state = 'closed';
    this.rotation.ended();
    this.#reaction.stopWaiting('modelOpen', 'modelRetry');
    this.#reaction.do({ type: 'model.close' });
    return true;
  }
}
