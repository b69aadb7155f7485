import type { CarrierEffect, CarrierEndReason } from './carrier-events.ts';
import type { Verb } from './twiml/twiml.ts';
import type { DocumentRequest } from './webhooks/call-webhooks.ts';

/** The TwiML that a call runs, verb by verb. */
export class RunningDocument {
  /** Why the call is over after the last verb. */
  readonly endReason: CarrierEndReason;
  readonly #verbs: readonly Verb[];
  readonly #url: string | null;
  #next = 0;

  /** `url` is the base of relative URLs; null for TwiML that the REST API was given. */
  constructor(verbs: readonly Verb[], url: string | null, endReason: CarrierEndReason) {
    this.#verbs = verbs;
    this.#url = url;
    this.endReason = endReason;
  }

  /** The next verb; null after the last one. */
  next(): Verb | null {
    const verb = this.#verbs[this.#next] ?? null;
    this.#next += 1;
    return verb;
  }

  /** A URL that the document names; null if it is invalid, or relative without a base. */
  resolve(url: string): string | null {
    return URL.parse(url, this.#url ?? undefined)?.href ?? null;
  }

  /** A request with the address that it is sent to; null for none, or for one that is invalid. */
  resolved(request: DocumentRequest | null): DocumentRequest | null {
    const url = request === null ? null : this.resolve(request.url);
    return request === null || url === null ? null : { ...request, url };
  }

  /** A conference is another machine: what its caller is to hear there must be absolute. */
  resolveWait(effect: CarrierEffect): CarrierEffect {
    if (effect.type !== 'conference.join' || effect.seat.wait === null) return effect;
    const { url, method } = effect.seat.wait;
    return { ...effect, seat: { ...effect.seat, wait: { url: this.resolve(url) ?? url, method } } };
  }
}

/** What Twilio says by itself when there is no document and no fallback (TW-HOOK-3). */
export function apologyOfTwilio(): RunningDocument {
  const text = 'We are sorry, an application error has occurred. Goodbye.';
  return new RunningDocument([{ type: 'say', text, loops: 1 }], null, 'applicationError');
}
