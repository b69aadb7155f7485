import type { Note } from '../effects.ts';
import type { Farewell } from '../phone/farewell.ts';
import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { Loss, ModelConnection, Opening } from './model-connection.ts';
import type { ModelSessions } from './model-sessions.ts';

/**
 * Keeps the call alive through everything that its model sessions do: opens the next one when one is lost or given up, and gives up when
 * nothing helps.
 *
 * While no session is there, the caller hears what was already sent, then a comfort tone; what the caller says is kept. An exit that
 * is decided ends all of this: the goodbye has its own deadlines.
 */
export class Recovery {
  readonly #outageMs: number;
  readonly #sessions: ModelSessions;
  readonly #connection: ModelConnection;
  readonly #leg: Leg;
  readonly #farewell: Farewell;
  readonly #reaction: Reaction;

  /** `outageMs`: how long the call may be without any session. */
  constructor(
    outageMs: number,
    sessions: ModelSessions,
    connection: ModelConnection,
    leg: Leg,
    farewell: Farewell,
    reaction: Reaction,
  ) {
    this.#outageMs = outageMs;
    this.#sessions = sessions;
    this.#connection = connection;
    this.#leg = leg;
    this.#farewell = farewell;
    this.#reaction = reaction;
  }

  // ── Sessions come and go ───────────────────────────────────────────────────────────────────────────────────────

  /** Opens the first session, once. Returns whether this was the time. */
  open(): boolean {
    if (!this.#connection.isUnopened) return false;
    this.#reaction.wait('modelOutage', this.#outageMs);
    this.#sessions.openFirst();
    return true;
  }

  opened(): void {
    if (this.#sessions.opened()) this.#reaction.stopWaiting('modelOutage');
  }

  /** A session, or the attempt to open one, is lost. */
  lost(loss: Loss, fields: Note['fields']): void {
    if (this.#connection.isClosed) return;
    this.#reaction.note('warn', 'modelLost', { ...fields, remedy: loss.remedy });
    this.#suspend();
    if (this.#leg.exit === null) {
      if (!this.#connection.lost(loss)) this.giveUp('modelLost');
      return;
    }
    // Whoever is being transferred may come back.
    if (this.#leg.exit.kind === 'transfer' && loss.remedy !== 'none') this.#park();
    else this.close();
    this.#farewell.spoken();
  }

  /** The session sends more than it may. It is cut, and that it is lost follows. */
  overBudget(): void {
    this.#connection.overBudget();
  }

  #park(): void {
    this.#reaction.stopWaiting('modelOutage');
    this.#connection.park();
  }

  /** The wait before another try is over. */
  retry(): void {
    this.#sessions.open();
  }

  /** The setup was not answered. */
  openTimedOut(): void {
    this.#reaction.do({ type: 'model.close' });
    this.lost({ remedy: 'fresh', jitter: 0.5, wasReached: true }, { fault: 'model.setupTimeout' });
  }

  /** No session could be had in all this time. */
  outageTimedOut(): void {
    this.giveUp('modelOutage');
  }

  /** Nobody needs a model any more. */
  close(): void {
    this.#sessions.close();
    this.#reaction.stopWaiting('modelOutage');
  }

  /** After each event: opens a session again if there was none during a transfer and the caller is back. */
  advance(): void {
    const { name } = this.#leg.phase;
    const isBack = this.#leg.exit === null && (name === 'awaitingStream' || name === 'talking');
    if (!isBack || !this.#connection.isParked) return;
    this.#reaction.wait('modelOutage', this.#outageMs);
    this.#sessions.open();
  }

  // ── The session is at fault ────────────────────────────────────────────────────────────────────────────────────

  /** Asks the session for what is expected of it. */
  nudge(): void {
    this.#sessions.nudge();
  }

  /** Gives the session up for another one. Returns false when there were too many. */
  restart(opening: Opening): boolean {
    this.#suspend();
    if (!this.#connection.leave(opening)) return false;
    this.#sessions.open();
    return true;
  }

  /** Replaces a session that has had its time, which is no fault of it. */
  rotate(): void {
    this.#suspend();
    this.#connection.rotate();
    this.#sessions.open();
  }

  /** Nothing helped: the caller gets an apology and the fallback route. */
  giveUp(cause: string): void {
    this.#reaction.note('warn', 'gaveUp', { cause });
    this.close();
    this.#farewell.leave({ kind: 'fallback' });
    this.#farewell.spoken();
  }

  #suspend(): void {
    // A failed attempt does not restart the wait.
    if (this.#leg.exit === null && this.#connection.isOpen) this.#reaction.wait('modelOutage', this.#outageMs);
    this.#sessions.lost();
  }
}
