import type { RequestRefusal } from '../operator/request-refusal.ts';
import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelConnection } from '../session/model-connection.ts';

/** The service takes a picture a second (GM-VIDEO-1). More would cost more and show nothing more. */
const periodMs = 1_000;

/** A clock that ticks once a second does not tick to the millisecond. */
const earlyMsMax = 200;

/** 768 px are enough (GM-VIDEO-1): a JPEG of that size in good quality has half as much. */
const pictureBytesMax = 200_000;

/** The pictures that the caller shows. They go to the model at once or not at all: an old one would show what is no longer there. */
export class Pictures {
  readonly #leg: Leg;
  readonly #connection: ModelConnection;
  readonly #reaction: Reaction;
  #dueMs = -Infinity;
  #sent = 0;
  #sentBytes = 0;
  #refused = 0;

  constructor(leg: Leg, connection: ModelConnection, reaction: Reaction) {
    this.#leg = leg;
    this.#connection = connection;
    this.#reaction = reaction;
  }

  /** The caller shows one. Returns why the model does not get it, or null. */
  take(bytes: number): RequestRefusal | null {
    const refusal = this.#obstacle(bytes);
    if (refusal === null) this.#send(bytes);
    else this.#refused += 1;
    return refusal;
  }

  /** The call is over: how many there were. */
  end(): void {
    if (this.#sent + this.#refused === 0) return;
    const fields = { pictures: this.#sent, bytes: this.#sentBytes, refused: this.#refused };
    this.#reaction.note('info', 'picturesShown', fields);
  }

  #obstacle(bytes: number): RequestRefusal | null {
    if (this.#leg.isOver) return 'callIsOver';
    if (this.#connection.behavior.pictures === 'refused') return 'modelTakesNoPictures';
    if (bytes > pictureBytesMax) return 'pictureTooLarge';
    if (!this.#leg.isTalking || !this.#connection.isOpen) return 'noSession';
    return this.#reaction.nowMs < this.#dueMs - earlyMsMax ? 'tooSoon' : null;
  }

  #send(bytes: number): void {
    this.#dueMs = Math.max(this.#dueMs, this.#reaction.nowMs) + periodMs;
    this.#sent += 1;
    this.#sentBytes += bytes;
    this.#reaction.do({ type: 'model.sendPicture', bytes });
    this.#connection.pictured();
  }
}
