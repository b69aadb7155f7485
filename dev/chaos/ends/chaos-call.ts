import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import { PhoneCall } from '../../../src/sim/carrier/hosts/phone.ts';
import { paths } from '../../../src/twilio/paths.ts';
import { chaosAccount } from '../ground/chaos-account.ts';
import type { SeenCall, FailedWebhook } from '../judge/round-facts.ts';
import { ListeningCaller } from './listening-caller.ts';

/** What is written behind the addresses in the console, as docs/operations.md advises. */
const overrides = '#rc=5&rp=ct,rt,5xx';

const calledNumber = '+12025550188';

/** One call, and what is seen of it from outside. */
export class ChaosCall {
  readonly phone: PhoneCall;
  readonly #placedMs = nowUnixMs();
  readonly #callerDigits: string;
  readonly #talkMs: number;
  readonly #caller: ListeningCaller;
  readonly #streams: { fromMs: number; toMs: number | null }[] = [];
  readonly #failedWebhooks: FailedWebhook[] = [];
  #retriedWebhooks = 0;
  #answeredMs: number | null = null;
  #apologisedMs: number | null = null;
  #endedMs: number | null = null;
  #endReason: string | null = null;

  /** `talkMs`: how long the caller wants to talk. */
  constructor(target: string, callerDigits: string, talkMs: number, seed: number) {
    this.#callerDigits = callerDigits;
    this.#talkMs = talkMs;
    this.#caller = new ListeningCaller(seed);
    const { publicOrigin, accountSid, authToken } = chaosAccount;
    this.phone = new PhoneCall(
      {
        publicUrl: publicOrigin + paths.voice + overrides,
        statusCallbackUrl: publicOrigin + paths.status + overrides,
        target,
        authToken,
        accountSid,
        from: `+${callerDigits}`,
        to: calledNumber,
        seed,
        onNote: (note) => this.#take(note),
      },
      this.#caller,
    );
  }

  get isOver(): boolean {
    return this.#endedMs !== null;
  }

  /** Whether there is a stream. */
  get isTalking(): boolean {
    return this.#streams.at(-1)?.toMs === null;
  }

  /** Whether the caller has talked enough. */
  get isDone(): boolean {
    return !this.isOver && nowUnixMs() - this.#placedMs > this.#talkMs;
  }

  get facts(): SeenCall {
    return {
      callSid: this.phone.callSid,
      callerDigits: this.#callerDigits,
      placedMs: this.#placedMs,
      answeredMs: this.#answeredMs,
      streams: this.#streams,
      sounds: this.#caller.sounds,
      endedMs: this.#endedMs,
      endReason: this.#endReason,
      apologisedMs: this.#apologisedMs,
      failedWebhooks: this.#failedWebhooks,
      retriedWebhooks: this.#retriedWebhooks,
    };
  }

  #take(note: CarrierNote): void {
    const atMs = performance.timeOrigin + note.atMs;
    switch (note.kind) {
      case 'webhook.answered':
        if (note.purpose === 'voice') this.#answeredMs ??= atMs;
        return;
      case 'webhook.retried':
        this.#retriedWebhooks += 1;
        return;
      case 'webhook.failed':
        this.#failedWebhooks.push({ atMs, purpose: note.purpose, detail: note.detail });
        return;
      case 'stream.started':
        this.#streams.push({ fromMs: atMs, toMs: null });
        return;
      case 'stream.ended': {
        const last = this.#streams.at(-1);
        if (last !== undefined) last.toMs = atMs;
        return;
      }
      case 'verb.say':
        this.#apologisedMs ??= atMs;
        return;
      case 'call.ended':
        this.#endedMs = atMs;
        this.#endReason = note.reason;
        return;
      default:
    }
  }
}

function nowUnixMs(): number {
  return performance.timeOrigin + performance.now();
}
