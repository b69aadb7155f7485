import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import { keepJournal } from '../../src/service/journal/journal-keeper.ts';
import { createLogger } from '../../src/system/logger.ts';
import { seededRandom } from '../../src/sim/seeded-random.ts';
import { Draw } from '../../src/sim/seeds/draw.ts';
import { authToken, type KillCaller, publicOrigin } from './kill-caller.ts';
import { LoopbackProxy } from './kill-proxy.ts';
import { JournalWatch } from './kill-journal.ts';
import { CallLoad } from './kill-load.ts';
import { greeting } from './conversation.ts';
import { KillModel } from './kill-model.ts';
import { pitches } from './kill-pitch.ts';
import { ParleyProcess } from './kill-process.ts';
import { continueMsMax, outcomeOfKill } from './kill-outcome.ts';
import { counted, type FinalReport, type KillKind, type KillReport, type KillRow } from './kill-report.ts';
import { crossedLines, missingFrom } from './kill-verdict.ts';

const geminiKey = 'kill-gemini-key-93d0';

/** What each conversation has looked up. */
const lookup = { name: 'lookup_record', args: { query: 'A1042' } };

/** How long Twilio and whatever holds its requests may take to bring a call back (TW-HOOK-2). */
const backMsMax = 16_000;

/** A process that stood still learns within this that its calls are not its own: it waits 10 s for Twilio and then ends them. */
const fencedMsMax = 14_000;

/**
 * How long a process stands still before it goes on: long enough for another to have its calls, and shorter than that one waits for the
 * journal, which the first may hold.
 */
const frozenMs = 1_200;

/** The grace after which a call that nobody brought back is lost. An operator's is two minutes; nobody shall wait for it here. */
const keeperTimes = { lookMs: 200, quietMsMax: 1_000 };
const keeperMsMax = 10_000;
const lookMs = 100;

/** How long Parley gets to write into the journal what it was told. */
const safeMs = 1_000;

/** Log lines of a process about a call that it has let go. */
const letGo = new Set(['callFenced', 'callEnded']);

/** What a run does. */
export interface KillOptions {
  readonly kinds: readonly KillKind[];
  readonly calls: number;
  readonly seed: number;
  /** The pause after all outcomes of one kill are seen. The first kill waits at least until the calls are there. */
  readonly pauseMs: { readonly min: number; readonly max: number };
  readonly firstPauseMs: number;
  readonly talkMs: { readonly min: number; readonly max: number };
  readonly onKill?: (row: KillRow) => void;
}

/** Kills the service under live calls, again and again, and reports what was lost. Everything is on loopback. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-kill-'));
  const run = await KillRun.open(options, folder);
  try {
    return await run.all();
  } finally {
    await run.close();
    rmSync(folder, { recursive: true });
  }
}

class KillRun {
  readonly #options: KillOptions;
  readonly #draw: Draw;
  readonly #proxy: LoopbackProxy;
  readonly #model: KillModel;
  readonly #load: CallLoad;
  readonly #file: string;
  readonly #journal: JournalWatch;
  readonly #processes = new Set<ParleyProcess>();
  /** Processes that stood still, and how many of the calls that were taken from them they did not let go. */
  readonly #frozen: Promise<number>[] = [];
  readonly #killedMs: number[] = [];
  #current: ParleyProcess | null = null;
  /** Since when the current process is the one that is called. */
  #sinceMs = 0;
  #crossed = 0;

  private constructor(options: KillOptions, proxy: LoopbackProxy, model: KillModel, folder: string) {
    const draw = new Draw(seededRandom(options.seed));
    this.#options = options;
    this.#draw = draw;
    this.#proxy = proxy;
    this.#model = model;
    this.#file = join(folder, 'journal.sqlite');
    this.#journal = new JournalWatch(this.#file);
    const { calls, talkMs } = options;
    this.#load = new CallLoad({ target: proxy.url, calls, talkMs, pitches: tones(calls), draw });
  }

  static async open(options: KillOptions, folder: string): Promise<KillRun> {
    const model = await KillModel.open({
      apiKey: geminiKey,
      pitches: tones(options.calls),
      toolFor: (_conversation, _session, question) => (question === 0 ? lookup : null),
    });
    const run = new KillRun(options, await LoopbackProxy.open(), model, folder);
    await run.#takeUp(await run.#start());
    return run;
  }

  async all(): Promise<KillReport> {
    const { kinds, calls, firstPauseMs, pauseMs, onKill } = this.#options;
    await this.#load.full(calls);
    await delay(firstPauseMs);
    const rows: KillRow[] = [];
    for (const [at, kind] of kinds.entries()) {
      const isFollowed = kinds[at + 1] === 'again';
      const row = await this.#kill(kind, isFollowed);
      rows.push(row);
      onKill?.(row);
      if (isFollowed) continue;
      await this.#load.full(calls);
      await delay(this.#draw.int(pauseMs.min, pauseMs.max));
    }
    return { rows, final: await this.#finish() };
  }

  async close(): Promise<void> {
    await this.#load.end();
    for (const process of this.#processes) await process.kill();
    this.#proxy.close();
    await this.#model.close();
  }

  // ── One kill ───────────────────────────────────────────────────────────────────────────────────────────────────

  async #kill(kind: KillKind, isFollowed: boolean): Promise<KillRow> {
    const former = this.#current;
    if (former === null) throw new Error('There is no process to kill.');
    const next = kind === 'standby' || kind === 'frozen' ? await this.#start() : null;
    this.#journal.readAgain();
    const lostBefore = this.#journal.lost;
    const { live } = this.#load;
    const callers = [...live, ...this.#load.givenUp];
    const sessions = this.#model.sessionsSince(this.#sinceMs).filter(({ isOpen }) => isOpen);
    const killedMs = performance.now();
    for (const caller of live) caller.interruption = { kind: 'waiting', sinceMs: killedMs };
    await this.#stop(kind, former, next);
    const deceased = { killedMs, lines: former.lines, sessions, callers };
    this.#journal.readAgain();
    const { snapshot } = this.#journal;
    const missing = missingFrom(snapshot, deceased);
    await this.#takeUp(next ?? (await this.#start()));
    if (kind === 'frozen') this.#frozen.push(this.#watchFrozen(former, callers));
    const untilMs = performance.now() + (isFollowed ? this.#draw.int(0, 1_500) : backMsMax + continueMsMax);
    const model = this.#model;
    const outcome = await outcomeOfKill({ callers, snapshot, model, killedMs, untilMs, isFollowed });
    this.#journal.readAgain();
    this.#model.forgetBefore(killedMs);
    const { startedMs } = this.#current ?? { startedMs: 0 };
    return {
      kind,
      live: live.length,
      recordsLost: this.#journal.lost - lostBefore + missing.calls,
      linesMissing: missing.lines,
      startedMs,
      ...outcome,
    };
  }

  /** From here on the former process is not called any more. */
  async #stop(kind: KillKind, former: ParleyProcess, next: ParleyProcess | null): Promise<void> {
    this.#load.isUp = false;
    this.#killedMs.push(performance.now());
    if (kind === 'refused') this.#proxy.refuse();
    else if (next === null) this.#proxy.hold();
    else await this.#proxy.forwardTo(next.port);
    if (kind === 'frozen') {
      former.freeze();
      this.#proxy.cut();
      return;
    }
    this.#processes.delete(former);
    await former.kill();
  }

  /** Lets a process that stood still go on, and returns how many of the calls that others have now it did not let go. */
  async #watchFrozen(former: ParleyProcess, callers: readonly KillCaller[]): Promise<number> {
    await delay(frozenMs);
    former.thaw();
    const taken = callers.filter(({ interruption }) => interruption?.kind !== 'givenUp');
    const untilMs = performance.now() + fencedMsMax;
    const isKept = ({ callSid }: KillCaller): boolean =>
      !former.lines.some((line) => line.callSid === callSid && letGo.has(line.event));
    while (taken.some(isKept) && performance.now() < untilMs) await delay(lookMs);
    this.#processes.delete(former);
    await former.kill();
    return taken.filter(isKept).length;
  }

  // ── The end ────────────────────────────────────────────────────────────────────────────────────────────────────

  async #finish(): Promise<FinalReport> {
    const notFenced = (await Promise.all(this.#frozen)).reduce((sum, calls) => sum + calls, 0);
    await this.#load.end();
    await delay(1.5 * safeMs);
    this.#killedMs.push(performance.now());
    for (const process of this.#processes) await process.kill();
    this.#processes.clear();
    this.#journal.readAgain();
    await this.#keep();
    this.#journal.readAgain();
    const accepted = this.#load.all.filter(({ acceptedMs }) => acceptedMs !== null);
    const reasonOf = ({ callSid }: KillCaller): string | null =>
      this.#journal.snapshot.calls.get(callSid)?.ended ?? null;
    const ends = accepted.map(reasonOf).filter((reason) => reason !== null);
    return {
      calls: accepted.length,
      withoutRecord: accepted.filter(({ callSid }) => !this.#journal.snapshot.calls.has(callSid)).length,
      withoutEnd: accepted.filter(
        (caller) => this.#journal.snapshot.calls.has(caller.callSid) && reasonOf(caller) === null,
      ).length,
      wronglyLost: accepted.filter((caller) => reasonOf(caller) === 'lost' && this.#wasSafe(caller.statusTakenMs))
        .length,
      ends: counted(ends),
      recordsLost: this.#journal.lost,
      staleWrites: this.#journal.stale,
      crossedLines: this.#crossed + crossedLines(this.#journal.snapshot, this.#load.all, this.#model.sessionsSince(0)),
      unsoundFiles: this.#journal.unsound,
      notFenced,
    };
  }

  /** Whether Parley was told something, and lived for another second. */
  #wasSafe(toldMs: number | null): boolean {
    return toldMs !== null && !this.#killedMs.some((atMs) => atMs >= toldMs && atMs - toldMs < safeMs);
  }

  /** Ends lost calls in the journal, as another process does for one that is gone. */
  async #keep(): Promise<void> {
    const log = createLogger('silent', process.stderr);
    const journal = openJournal({ file: this.#file, log });
    const stop = keepJournal(journal, 1, log, keeperTimes);
    const untilMs = performance.now() + keeperMsMax;
    while ((await journal.unfinished()).length > 0 && performance.now() < untilMs) await delay(lookMs);
    stop();
    await new Promise<void>((resolve) => journal.close(keeperTimes.quietMsMax, resolve));
  }

  // ── Processes ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #start(): Promise<ParleyProcess> {
    const process = await ParleyProcess.start({
      PORT: '0',
      ADMIN_PORT: 'off',
      PUBLIC_URL: publicOrigin,
      TWILIO_AUTH_TOKEN: authToken,
      GEMINI_API_KEY: geminiKey,
      GEMINI_BASE_URL: this.#model.url,
      AGENT_GREETING: greeting,
      LOOKUP_FILE: fileURLToPath(new URL('../../fixtures/data/orders.csv', import.meta.url)),
      MAX_CONCURRENT_CALLS: String(2 * this.#options.calls),
      MAX_EVENT_LOOP_DELAY_MS: 'off',
      JOURNAL_FILE: this.#file,
    });
    this.#processes.add(process);
    return process;
  }

  async #takeUp(process: ParleyProcess): Promise<void> {
    this.#current = process;
    this.#sinceMs = performance.now();
    await this.#proxy.forwardTo(process.port);
    this.#load.isUp = true;
  }
}

/** Twice as many as there are callers at a time. */
function tones(calls: number) {
  return pitches(2 * calls);
}
