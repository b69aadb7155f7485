import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { paths } from '../../src/twilio/paths.ts';
import type { CarrierNote } from '../../src/sim/carrier/carrier-events.ts';
import { type PhoneCall, placeCall } from '../../src/sim/carrier/hosts/phone.ts';
import { talkInTurns } from './talk-in-turns.ts';

/** The service's address as Twilio knows it, and the token that signs. */
export const publicOrigin = 'https://parley.example';
export const authToken = 'kill-auth-token-41c7';

/** What is written behind the addresses in the console, as docs/operations.md advises. */
const overrides = '#rc=5&rp=ct,rt,5xx';

/** What became of a call when the process behind it died. Times are of `performance.now()`. */
export type Interruption =
  | { readonly kind: 'waiting'; readonly sinceMs: number }
  /** Parley answered Twilio, which is a promise to go on. */
  | { readonly kind: 'broughtBack'; readonly sinceMs: number }
  /** Twilio gave the call up. `reason`: the error that its debugger would show. */
  | { readonly kind: 'givenUp'; readonly reason: string }
  /** The caller hung up meanwhile. */
  | { readonly kind: 'left' };

/** One call: a caller who greets with a tone of their own, speaks in turns with the agent, and what Twilio says about it. */
export class KillCaller {
  readonly slot: number;
  readonly callSid: string;
  readonly placedMs = performance.now();
  /** How long the caller wants to talk. */
  readonly talkMs: number;
  /** When Parley took the call; null before. */
  acceptedMs: number | null = null;
  /** When the present stream began; null while there is none. */
  streamMs: number | null = null;
  /** When the caller last heard a piece of the agent to its end. */
  heardMs = -Infinity;
  /** Whether the call is over, or Twilio only apologises. */
  isOver = false;
  /** When Parley took the news that the call is over; null before. */
  statusTakenMs: number | null = null;
  interruption: Interruption | null = null;
  readonly #phone: PhoneCall;
  #hasFailed = false;

  constructor(target: string, slot: number, pitchHz: number, talkMs: number, seed: number) {
    this.slot = slot;
    this.talkMs = talkMs;
    this.#phone = placeCall({
      publicUrl: publicOrigin + paths.voice + overrides,
      statusCallbackUrl: publicOrigin + paths.status + overrides,
      target,
      authToken,
      accountSid: `AC${'1'.repeat(32)}`,
      from: '+12025550177',
      to: '+12025550188',
      script: talkInTurns(pitchHz),
      codec: mulawCodec,
      seed,
      onNote: (note) => this.#take(note),
    });
    this.callSid = this.#phone.callSid;
  }

  /** Whether Parley has the call, or had it when its process died. */
  get isLive(): boolean {
    return this.acceptedMs !== null && !this.isOver;
  }

  /** Whether the caller has talked enough, and nothing is left to be seen of an interruption. */
  get isDone(): boolean {
    return this.interruption === null && this.isLive && performance.now() - this.placedMs > this.talkMs;
  }

  hangUp(): void {
    this.#phone.hangUp();
  }

  /** Resolves when Twilio has nothing more to do for the call. */
  get settled(): Promise<unknown> {
    return this.#phone.ended;
  }

  #take(note: CarrierNote): void {
    switch (note.kind) {
      case 'webhook.answered':
        if (note.purpose === 'voice') this.acceptedMs ??= note.atMs;
        if (note.purpose === 'callStatus') this.statusTakenMs = note.atMs;
        else if (this.interruption?.kind === 'waiting') {
          this.interruption = { kind: 'broughtBack', sinceMs: note.atMs };
        }
        return;
      case 'webhook.failed':
        this.#hasFailed = note.purpose === 'voice' || note.purpose === 'connectAction';
        return;
      case 'problem':
        // The first one after a request that failed says why.
        if (this.#hasFailed) this.#end({ kind: 'givenUp', reason: `${note.code} ${note.detail}` });
        return;
      case 'stream.started':
        this.streamMs = note.atMs;
        return;
      case 'stream.ended':
        this.streamMs = null;
        return;
      case 'stream.markEchoed':
        if (!note.cleared) this.heardMs = note.atMs;
        return;
      case 'call.ended':
        this.#end({ kind: 'left' });
        return;
      default:
    }
  }

  #end(interruption: Interruption): void {
    this.isOver = true;
    this.streamMs = null;
    if (this.interruption?.kind === 'waiting') this.interruption = interruption;
  }
}
