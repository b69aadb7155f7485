import { openSync } from 'node:fs';
import { builtInPrices } from '../../src/config/prices.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { LeaseKeeper } from '../../src/fleet/lease-keeper.ts';
import { CallRegistry } from '../../src/host/call-registry.ts';
import { AdmissionControl } from '../../src/host/incoming/admission-control.ts';
import { CallWatch, nothingNew } from '../../src/metrics/call-watch.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { measureProcess } from '../../src/metrics/process-metrics.ts';
import { ServiceMetrics } from '../../src/metrics/service-metrics.ts';
import { MemoryLeases } from '../../src/sim/driver/memory-leases.ts';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import { Journal, type JournalLimits } from '../../src/store/journal.ts';
import { systemClock } from '../../src/system/clock.ts';
import { LineWriter } from '../../src/system/line-writer.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';
import { audioPath, playFixture, tools } from './played-calls.ts';

const models = { first: 'gemini-3.8-live', fallback: 'gemini-3.8-live-extended-thinking' };

/** The counts of a service of which parts can be broken. Its calls are those of the fixtures. */
export class FaultyService {
  /** How late the process is said to be. */
  delayMs = 0;
  readonly metrics = new Metrics(tools);
  readonly registry = new CallRegistry(
    systemClock,
    () => 1,
    new AdmissionControl({ delayMs: () => this.delayMs }, { delayMsMax: 100, callsMin: 0 }),
  );
  readonly refusals = new Refusals(systemClock, new LogLines().logger);
  journal = new Journal({ open: null, clock: systemClock, log: new LogLines().logger });
  readonly #calls = new ServiceMetrics(this.metrics);
  readonly #stopMeasuring = measureProcess(this.metrics);
  #lostLines = 0;

  constructor() {
    this.metrics.takeAgents(['house']);
    const { registry, refusals } = this;
    const journal = (): Journal => this.journal;
    this.#calls.watch({
      registry,
      refusals,
      lease: leaseOfNobody(),
      fetchedCalls: () => 0,
      get journal() {
        return journal();
      },
      logLinesLost: () => this.#lostLines,
      viewers: () => 0,
    });
  }

  /** Has these calls happen, the whole list so many times. */
  plays(names: readonly string[], times = 1): void {
    for (let time = 0; time < times; time += 1) {
      for (const name of names) playFixture(name, this.#observe());
    }
  }

  /** The first session of a call is refused for this reason. */
  modelRefuses(fault: ErrorCode): void {
    const call = new CallWatch(audioPath, [this.#observe()]);
    call.write(
      { type: 'call.received', atMs: 0 },
      [{ type: 'model.open', handle: null, recap: null, fallback: false }],
      1,
    );
    call.write({ type: 'model.openFailed', fault, remedy: 'none', jitter: 0, atMs: 50 }, [], 1);
  }

  callCrashes(): void {
    const caller = { received: 0, forwarded: 0, replaced: 0, dropped: 0, waiting: 0, filled: 0, resent: 0 };
    const agent = { sent: 0, heard: 0, heardNow: 0, cleared: 0, waiting: 0, queued: 0, dropped: 0 };
    this.#observe().close({ how: 'crashed', tally: { caller, agent } }, nothingNew);
  }

  /** The journal is a folder, which cannot be written. */
  async journalFails(limits: Partial<JournalLimits> = {}): Promise<void> {
    const log = new LogLines().logger;
    this.journal = openJournal({ file: import.meta.dirname, log, limits });
    const record = this.journal.accept('CA1', { from: null, to: null }, () => {});
    await until('the journal fails', () => this.journal.state.kind === 'failing');
    for (let entry = 0; entry < 10; entry += 1)
      record.append({ kind: 'said', speaker: 'agent', text: 'Hello.', cut: false });
    await until(
      'the entries wait or are lost',
      () => this.journal.state.queuedEntries + this.journal.state.droppedEntries > 1,
    );
  }

  /** Nothing else runs for a while, as often as it takes to be more than an accident. */
  async blocks(): Promise<void> {
    for (let time = 0; time < 3; time += 1) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }

  /** Nobody takes the lines of the log, and more come than may wait. */
  logStalls(): void {
    // It stays open: the writer tries again and again, and the number of a closed file may become that of a socket.
    const readOnly = openSync('/dev/null', 'r');
    const writer = new LineWriter(readOnly, () => '');
    for (let line = 0; line < 3; line += 1) writer.write(`${'x'.repeat(600_000)}\n`);
    this.#lostLines = writer.lostLinesEver;
  }

  async close(): Promise<void> {
    this.#stopMeasuring();
    await new Promise<void>((resolve) => this.journal.close(100, resolve));
  }

  #observe(): ReturnType<ServiceMetrics['observe']> {
    return this.#calls.observe('CA1', { agent: 'house', models, prices: builtInPrices });
  }
}

/** A lease that is not renewed. */
function leaseOfNobody(): LeaseKeeper {
  const leases = new MemoryLeases(
    () => systemClock.unixMs(),
    () => ({ hasCalls: false, talking: [] }),
  );
  const store = leases.seenBy(systemClock, { thereMs: () => null, backMs: () => null });
  const log = new LogLines().logger;
  const limits = { callsMax: 1, ownCallsMax: 1 };
  return new LeaseKeeper({ store, clock: systemClock, log, holder: 'nobody', instance: null, ...limits });
}
