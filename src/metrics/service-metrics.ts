import type { CallRegistry } from '../host/call-registry.ts';
import type { LeaseKeeper } from '../fleet/lease-keeper.ts';
import type { Journal } from '../store/journal.ts';
import type { Refusals } from '../system/refusals.ts';
import { CallMetrics, type CallMetricsParts } from './call-metrics.ts';
import { metricTable } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

/** What the service counts by itself, and what is read from it when somebody asks. */
export interface ServiceCounts {
  readonly registry: CallRegistry;
  readonly refusals: Refusals;
  readonly journal: Journal;
  /** Null where this process shares its limit with nobody. */
  readonly lease: LeaseKeeper | null;
  /** How many calls were fetched so far. */
  readonly fetchedCalls: () => number;
  /** How many lines of the log were lost so far. */
  readonly logLinesLost: () => number;
  /** How many live pages of the operator are open. */
  readonly viewers: () => number;
}

/** The metrics of all calls of a process, and of the service around them. */
export class ServiceMetrics {
  readonly #metrics: Metrics;
  readonly #calls = new Map<string, CallMetrics>();
  /** How many refusals of each kind are counted already. */
  readonly #refused = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Makes what counts on a call that begins. */
  observe(callSid: string, parts: Omit<CallMetricsParts, 'metrics' | 'onClose'>): CallMetrics {
    const call: CallMetrics = new CallMetrics({
      ...parts,
      metrics: this.#metrics,
      onClose: () => {
        // A call that was released may be here again by the time the first host is done with it.
        if (this.#calls.get(callSid) === call) this.#calls.delete(callSid);
      },
    });
    this.#calls.set(callSid, call);
    return call;
  }

  /** Reads these counts at each scrape. */
  watch(counts: ServiceCounts): void {
    this.#metrics.onScrape(() => {
      this.#readCalls(counts);
      this.#readJournal(counts.journal);
      this.#readLease(counts);
      this.#readRefusals(counts.refusals);
      this.#metrics.raiseTo('parley_log_lines_lost_total', {}, counts.logLinesLost());
      this.#metrics.set('parley_viewers', {}, counts.viewers());
    });
  }

  #readCalls({ registry }: ServiceCounts): void {
    this.#metrics.set('parley_calls_live', {}, registry.liveCount);
    this.#metrics.set('parley_calls_max', {}, registry.callsMax);
    const { noRoom, turnedAway, callsSentOn, delayMs } = registry;
    this.#metrics.set('parley_ready', {}, noRoom === null ? 1 : 0);
    for (const [reason, count] of Object.entries(turnedAway)) {
      this.#metrics.set('parley_unready', { reason }, reason === noRoom ? 1 : 0);
      this.#metrics.raiseTo('parley_calls_refused_total', { reason }, count);
    }
    this.#metrics.raiseTo('parley_calls_sent_on_total', {}, callsSentOn);
    this.#metrics.set('parley_admission_delay_seconds', {}, delayMs / 1000);
    for (const { callSid, audio } of registry.live) this.#calls.get(callSid)?.countAudio(audio);
  }

  /** Several kinds may have the same code. */
  #readRefusals({ totals }: Refusals): void {
    for (const { refusal, fault, count } of totals) {
      const kind = `${refusal} ${fault}`;
      this.#metrics.add('parley_refusals_total', { reason: fault ?? refusal }, count - (this.#refused.get(kind) ?? 0));
      this.#refused.set(kind, count);
    }
  }

  #readLease({ lease, fetchedCalls }: ServiceCounts): void {
    this.#metrics.raiseTo('parley_calls_fetched_total', {}, fetchedCalls());
    if (lease === null) return;
    const { kind, callsOver } = lease.state;
    for (const state of metricTable.parley_lease_state.labels.state) {
      this.#metrics.set('parley_lease_state', { state }, state === kind ? 1 : 0);
    }
    this.#metrics.set('parley_calls_over_limit', {}, callsOver);
  }

  #readJournal({ state: { kind, queuedEntries, outboxEntries, droppedEntries } }: Journal): void {
    for (const state of metricTable.parley_journal_state.labels.state) {
      this.#metrics.set('parley_journal_state', { state }, state === kind ? 1 : 0);
    }
    this.#metrics.set('parley_journal_entries_waiting', {}, queuedEntries);
    this.#metrics.set('parley_journal_entries_in_outbox', {}, outboxEntries);
    this.#metrics.raiseTo('parley_journal_entries_dropped_total', {}, droppedEntries);
  }
}
