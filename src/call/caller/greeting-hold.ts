import type { Feeder } from '../agent/feeder.ts';
import type { TurnDetection } from '../call-settings.ts';
import type { Reaction } from '../reaction.ts';
import type { Intake } from './intake.ts';

/** A greeting that has not begun by then is not coming, and the caller's words must not wait for it. */
const greetingStartMsMax = 4_000;

/** How long `Intake` holds the caller's words for the greeting: until it has been heard, or will not come. */
export class GreetingHold {
  readonly #intake: Intake;
  readonly #feeder: Feeder;
  readonly #reaction: Reaction;

  constructor(intake: Intake, feeder: Feeder, reaction: Reaction) {
    this.#intake = intake;
    this.#feeder = feeder;
    this.#reaction = reaction;
  }

  /** The model is asked for a greeting at once, even before the stream: what comes early is held, and the caller waits less. */
  begin(detection: TurnDetection): void {
    this.#reaction.wait('greetingHold', greetingStartMsMax);
    this.#intake.greetingAwaited(detection);
  }

  /** The greeting may stall. The caller's words wait until what came of it has been played, and then as long as for its beginning. */
  prolong(): void {
    if (this.#intake.isHolding) this.#reaction.wait('greetingHold', this.#feeder.unheardMs + greetingStartMsMax);
  }

  /** Whatever was held goes to the model. Returns whether the caller had said something. */
  letThrough(): boolean {
    this.stop();
    return this.#intake.letThrough();
  }

  /** No greeting is waited for. */
  stop(): void {
    this.#reaction.stopWaiting('greetingHold');
  }
}
