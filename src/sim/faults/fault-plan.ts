import type { WebhookPurpose } from '../carrier/carrier-events.ts';
import type { Fault, FaultOf } from './fault.ts';
import type { LinkSettings } from './link.ts';

/** The one-way latency of each link unless a fault says otherwise: a good day on one continent. */
const usualLatency = {
  webhook: { ms: 30, jitterMs: 0 },
  media: { ms: 20, jitterMs: 0 },
  model: { ms: 25, jitterMs: 0 },
  rest: { ms: 60, jitterMs: 0 },
} as const;

/** A question to a file on a disk that has nothing else to do, with its flush. */
const usualStoreMs = 2;

/** The faults of one call, asked for by what they touch. */
export class FaultPlan {
  readonly #faults: readonly Fault[];
  readonly #timersLateMs: number;
  readonly #lateTimes: readonly FaultOf<'processLate'>[];
  readonly #spent = new Set<Fault>();
  #refusedHandshakes = 0;

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
    this.#timersLateMs = this.all('timersLate')[0]?.byMs ?? 0;
    this.#lateTimes = this.all('processLate');
  }

  all<Kind extends Fault['fault']>(kind: Kind): FaultOf<Kind>[] {
    return this.#faults.filter((fault): fault is FaultOf<Kind> => fault.fault === kind);
  }

  /** Whether there is a fault of one of these kinds. */
  has(...kinds: readonly Fault['fault'][]): boolean {
    return this.#faults.some(({ fault }) => kinds.includes(fault));
  }

  /** Whether the process of the service is replaced by another one. */
  get hasOutage(): boolean {
    return this.has('serviceKilled', 'serviceRestarted', 'serviceFrozen');
  }

  /** How messages travel on one link, in one direction where it can stall. */
  link(link: FaultOf<'latency'>['link'], direction: 'In' | 'Out' | null = null): LinkSettings {
    const { ms, jitterMs } = this.all('latency').find((fault) => fault.link === link) ?? usualLatency[link];
    const stalls = this.all('stall').filter((fault) => fault.link === `${link}${direction}`);
    return { latencyMs: ms, jitterMs, stalls };
  }

  /** Whether a time lies within one of the losses of this kind. */
  loses(kind: 'callerFramesLost' | 'marksLost', atMs: number): boolean {
    return this.all(kind).some((fault) => atMs >= fault.atMs && atMs < fault.atMs + fault.forMs);
  }

  /** What becomes of a connection to the model at this moment; null when nothing stands in its way. */
  modelUnreachable(nowMs: number): FaultOf<'modelUnreachable'>['how'] | null {
    const fault = this.all('modelUnreachable').find(
      ({ atMs = 0, forMs = Infinity }) => nowMs >= atMs && nowMs < atMs + forMs,
    );
    return fault?.how ?? null;
  }

  /** How late the process of the service knows itself to be at this moment. */
  processLateMs(nowMs: number): number {
    return this.#lateTimes.find(({ atMs, forMs }) => nowMs >= atMs && nowMs < atMs + forMs)?.byMs ?? 0;
  }

  /** How late the service's timers fire that are due at this moment. */
  timersLateMs(dueMs: number): number {
    return Math.max(this.#timersLateMs, this.processLateMs(dueMs));
  }

  /** How late they fire at most. */
  get timersLateMsMax(): number {
    return Math.max(this.#timersLateMs, ...this.#lateTimes.map(({ byMs }) => byMs));
  }

  /** How long the store of records takes for a question at this moment; null while it fails. */
  storeMs(nowMs: number): number | null {
    const fails = this.all('storeFails').some(({ atMs, forMs }) => nowMs >= atMs && nowMs < atMs + forMs);
    return fails ? null : (this.all('storeSlow')[0]?.byMs ?? usualStoreMs);
  }

  /** How much later than usual this webhook arrives. Each such fault is spent once. */
  webhookDelayMs(purpose: WebhookPurpose): number {
    const late = this.all('webhookLate').find((fault) => fault.purpose === purpose && !this.#spent.has(fault));
    if (late === undefined) return 0;
    this.#spent.add(late);
    return late.byMs;
  }

  /** Whether the service fails at what enters the call by this door at this moment. Each such fault is spent once. */
  breaks(door: string, nowMs: number): boolean {
    const broken = this.all('callBroken').find(
      (fault) => nowMs >= fault.atMs && door.split('.')[0] === fault.door && !this.#spent.has(fault),
    );
    if (broken !== undefined) this.#spent.add(broken);
    return broken !== undefined;
  }

  /** Whether the service has failed by a fault of its own. */
  get hasBroken(): boolean {
    return this.all('callBroken').some((fault) => this.#spent.has(fault));
  }

  losesWebhook(purpose: WebhookPurpose): boolean {
    return this.all('webhookLost').some((fault) => fault.purpose === purpose);
  }

  /** Whether this handshake of the media socket is refused. */
  refusesHandshake(): boolean {
    this.#refusedHandshakes += 1;
    return this.all('streamRefused').some(({ times }) => this.#refusedHandshakes <= times);
  }
}
