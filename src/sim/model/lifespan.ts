import type { Agenda } from './agenda.ts';
import { closeReasons } from './protocol/close-reasons.ts';
import type { Resumed } from './protocol/resumption-handles.ts';
import type { Setup } from './protocol/setup-message.ts';
import type { SessionScript } from './script/script.ts';
import type { InstantStep } from './script/turn.ts';

/** Whose life it is. */
interface Living {
  readonly script: SessionScript;
  readonly setup: Setup;
  readonly resumed: Resumed | null;
}

/**
 * What happens to a session at a time of its own: the steps of its script, and what ends it when nothing else does. That is the life of
 * its connection, announced or not (GM-GOAWAY-1), and without compression that of the session, over all its connections (GM-LIMIT-1).
 */
export class Lifespan {
  readonly #living: Living;
  readonly #agenda: Agenda<InstantStep>;
  readonly #openedAtMs: number;
  #isPictured = false;

  constructor(living: Living, agenda: Agenda<InstantStep>, atMs: number) {
    this.#living = living;
    this.#agenda = agenda;
    this.#openedAtMs = atMs;
    const { timed, lifeMs, goAwayMs, uncompressedMs } = living.script;
    for (const { atMs: afterMs, step } of timed) agenda.add(atMs + afterMs, step);
    agenda.add(atMs + lifeMs, { close: closeReasons.deadlineExpired });
    if (goAwayMs !== null) {
      const afterMs = Math.max(0, lifeMs - goAwayMs);
      agenda.add(atMs + afterMs, { goAway: { timeLeftMs: lifeMs - afterMs } });
    }
    this.#endUncompressed(uncompressedMs, atMs);
    if ((living.resumed?.memory.context.videoTokens ?? 0) > 0) this.pictured(atMs);
  }

  /** How long the session has lived by this moment. */
  livedMs(atMs: number): number {
    return (this.#living.resumed?.memory.livedMs ?? 0) + atMs - this.#openedAtMs;
  }

  /** The session is shown a picture, which shortens its life. */
  pictured(atMs: number): void {
    if (!this.#isPictured) this.#endUncompressed(this.#living.script.picturedMs, atMs);
    this.#isPictured = true;
  }

  #endUncompressed(lifeMs: number, atMs: number): void {
    if (this.#living.setup.contextWindowCompression !== undefined) return;
    this.#agenda.add(atMs + Math.max(0, lifeMs - this.livedMs(atMs)), { close: closeReasons.aborted });
  }
}
