import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import { keepJournal } from '../../src/service/journal-keeper.ts';
import { createLogger } from '../../src/system/logger.ts';
import { seededRandom } from '../../src/sim/seeded-random.ts';
import { Draw } from '../../src/sim/seeds/draw.ts';
import { authToken, type KillCaller, publicUrl } from './kill-caller.ts';
import { FrontDoor } from './kill-door.ts';
import { emptyLook, type JournalLook, lookAtJournal, lostBetween, staleWrites } from './kill-journal.ts';
import { KillLine } from './kill-line.ts';
import { greeting, KillModel } from './kill-model.ts';
import { pitches } from './kill-pitch.ts';
import { ParleyProcess } from './kill-process.ts';
import { counted, type FinalReport, type KillKind, type KillReport, type KillRow } from './kill-report.ts';
import { continuationOf, crossedLines, missingFrom, storyOf } from './kill-verdict.ts';

const geminiKey = 'kill-gemini-key-93d0';

/** How long a call that was brought back may take to show that it goes on: two turns of the caller. */
const continueMsMax = 10_000;

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

/** What Parley was told is in its journal by then. */
const safeMs = 1_000;

/** What a process says of a call that it does nothing for any more. */
const letGo = new Set(['callFenced', 'callEnded']);

/** What to do. */
export interface KillOptions {
  readonly kinds: readonly KillKind[];
  readonly calls: number;
  readonly seed: number;
  /** From the moment when everything is seen of the last kill until the next. The first waits at least for the calls to be there. */
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
  readonly #door: FrontDoor;
  readonly #model: KillModel;
  readonly #line: KillLine;
  readonly #file: string;
  readonly #processes = new Set<ParleyProcess>();
  /** Processes that stood still, and how many of the calls that were taken from them they did not let go. */
  readonly #frozen: Promise<number>[] = [];
  readonly #killedMs: number[] = [];
  #current: ParleyProcess | null = null;
  /** Since when the current process is the one that is called. */
  #sinceMs = 0;
  #look = emptyLook;
  #lost = 0;
  #stale = 0;
  #crossed = 0;
  #unsound = 0;

  private constructor(options: KillOptions, door: FrontDoor, model: KillModel, folder: string) {
    const draw = new Draw(seededRandom(options.seed));
    this.#options = options;
    this.#draw = draw;
    this.#door = door;
    this.#model = model;
    this.#file = join(folder, 'journal.sqlite');
    const { calls, talkMs } = options;
    this.#line = new KillLine({ target: door.url, calls, talkMs, pitches: tones(calls), draw });
  }

  static async open(options: KillOptions, folder: string): Promise<KillRun> {
    const model = await KillModel.open(tones(options.calls), geminiKey);
    const run = new KillRun(options, await FrontDoor.open(), model, folder);
    await run.#takeUp(await run.#start());
    return run;
  }

  async all(): Promise<KillReport> {
    const { kinds, calls, firstPauseMs, pauseMs, onKill } = this.#options;
    await this.#line.full(calls);
    await delay(firstPauseMs);
    const rows: KillRow[] = [];
    for (const [at, kind] of kinds.entries()) {
      const isFollowed = kinds[at + 1] === 'again';
      const row = await this.#kill(kind, isFollowed);
      rows.push(row);
      onKill?.(row);
      if (isFollowed) continue;
      await this.#line.full(calls);
      await delay(this.#draw.int(pauseMs.min, pauseMs.max));
    }
    return { rows, final: await this.#finish() };
  }

  async close(): Promise<void> {
    await this.#line.end();
    for (const process of this.#processes) await process.kill();
    this.#door.close();
    await this.#model.close();
  }

  // ── One kill ───────────────────────────────────────────────────────────────────────────────────────────────────

  async #kill(kind: KillKind, isFollowed: boolean): Promise<KillRow> {
    const former = this.#current;
    if (former === null) throw new Error('There is no process to kill.');
    const next = kind === 'standby' || kind === 'frozen' ? await this.#start() : null;
    this.#lookAgain();
    const lostBefore = this.#lost;
    const { live } = this.#line;
    const callers = [...live, ...this.#line.given];
    const sessions = this.#model.sessionsSince(this.#sinceMs).filter(({ isOpen }) => isOpen);
    const killedMs = performance.now();
    for (const caller of live) caller.interruption = { kind: 'waiting', sinceMs: killedMs };
    await this.#stop(kind, former, next);
    const deceased = { killedMs, lines: former.lines, sessions, callers };
    this.#lookAgain();
    const look = this.#look;
    const missing = missingFrom(look, deceased);
    await this.#takeUp(next ?? (await this.#start()));
    if (kind === 'frozen') this.#frozen.push(this.#watchFrozen(former, callers));
    const outcome = await this.#follow(callers, look, killedMs, isFollowed);
    this.#lookAgain();
    this.#model.forgetBefore(killedMs);
    const { startedMs } = this.#current ?? { startedMs: 0 };
    return {
      kind,
      live: live.length,
      recordsLost: this.#lost - lostBefore + missing.calls,
      linesMissing: missing.lines,
      startedMs,
      ...outcome,
    };
  }

  /** From here on the former process is not called any more. */
  async #stop(kind: KillKind, former: ParleyProcess, next: ParleyProcess | null): Promise<void> {
    this.#line.isUp = false;
    this.#killedMs.push(performance.now());
    if (kind === 'refused') this.#door.refuse();
    else if (next === null) this.#door.hold();
    else await this.#door.leadTo(next.port);
    if (kind === 'frozen') {
      former.freeze();
      this.#door.cut();
      return;
    }
    this.#processes.delete(former);
    await former.kill();
  }

  /** Waits until every call has shown what becomes of it. Where another kill follows at once, not for long. */
  async #follow(
    callers: readonly KillCaller[],
    look: JournalLook,
    killedMs: number,
    isFollowed: boolean,
  ): Promise<Pick<KillRow, 'broughtBack' | 'continued' | 'killedAgain' | 'givenUp' | 'failures'>> {
    const stories = new Map(callers.map((caller) => [caller, storyOf(look, caller.callSid)]));
    const untilMs = performance.now() + (isFollowed ? this.#draw.int(0, 1_500) : backMsMax + continueMsMax);
    const open = new Set(callers);
    const failures: string[] = [];
    const givenUp: string[] = [];
    let broughtBack = 0;
    let continued = 0;
    while (open.size > 0 && performance.now() < untilMs) {
      await delay(lookMs);
      const sessions = this.#model.sessionsSince(killedMs);
      for (const caller of open) {
        const { interruption } = caller;
        const story = stories.get(caller);
        if (interruption === null || interruption.kind === 'waiting' || story === undefined) continue;
        if (interruption.kind === 'givenUp') givenUp.push(interruption.reason);
        if (interruption.kind === 'broughtBack') {
          const how = continuationOf(caller, killedMs, story, sessions);
          const isOverdue = performance.now() - interruption.sinceMs > continueMsMax;
          if (how === 'open' && !isOverdue) continue;
          broughtBack += 1;
          if (how === 'continued') continued += 1;
          else failures.push(`${how === 'open' ? 'silent' : how} ${caller.callSid}`);
        }
        caller.interruption = null;
        open.delete(caller);
      }
    }
    for (const caller of open) if (!isFollowed) failures.push(`neither back nor given up ${caller.callSid}`);
    return { broughtBack, continued, killedAgain: isFollowed ? open.size : 0, givenUp, failures };
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
    await this.#line.end();
    await delay(1.5 * safeMs);
    this.#killedMs.push(performance.now());
    for (const process of this.#processes) await process.kill();
    this.#processes.clear();
    this.#lookAgain();
    await this.#keep();
    this.#lookAgain();
    const accepted = this.#line.all.filter(({ acceptedMs }) => acceptedMs !== null);
    const reasonOf = ({ callSid }: KillCaller): string | null => this.#look.calls.get(callSid)?.ended ?? null;
    const ends = accepted.map(reasonOf).filter((reason) => reason !== null);
    return {
      calls: accepted.length,
      withoutRecord: accepted.filter(({ callSid }) => !this.#look.calls.has(callSid)).length,
      withoutEnd: accepted.filter((caller) => this.#look.calls.has(caller.callSid) && reasonOf(caller) === null).length,
      wronglyLost: accepted.filter((caller) => reasonOf(caller) === 'lost' && this.#wasSafe(caller.statusTakenMs))
        .length,
      ends: counted(ends),
      recordsLost: this.#lost,
      staleWrites: this.#stale,
      crossedLines: this.#crossed + crossedLines(this.#look, this.#line.all, this.#model.sessionsSince(0)),
      unsoundFiles: this.#unsound,
      notFenced,
    };
  }

  /** Whether Parley was told something, and lived for another second. */
  #wasSafe(toldMs: number | null): boolean {
    return toldMs !== null && !this.#killedMs.some((atMs) => atMs >= toldMs && atMs - toldMs < safeMs);
  }

  /** What another process does for the calls of one that is gone. */
  async #keep(): Promise<void> {
    const log = createLogger('silent');
    const journal = openJournal({ file: this.#file, log });
    const stop = keepJournal(journal, 1, log, keeperTimes);
    const untilMs = performance.now() + keeperMsMax;
    while ((await journal.unfinished()).length > 0 && performance.now() < untilMs) await delay(lookMs);
    stop();
    await journal.close(keeperTimes.quietMsMax);
  }

  // ── Processes and looks ────────────────────────────────────────────────────────────────────────────────────────

  async #start(): Promise<ParleyProcess> {
    const process = await ParleyProcess.start({
      PORT: '0',
      PUBLIC_URL: publicUrl,
      TWILIO_AUTH_TOKEN: authToken,
      GEMINI_API_KEY: geminiKey,
      GEMINI_BASE_URL: this.#model.url,
      AGENT_GREETING: greeting,
      LOOKUP_FILE: fileURLToPath(new URL('../../fixtures/data/orders.csv', import.meta.url)),
      MAX_CONCURRENT_CALLS: String(2 * this.#options.calls),
      JOURNAL_FILE: this.#file,
    });
    this.#processes.add(process);
    return process;
  }

  async #takeUp(process: ParleyProcess): Promise<void> {
    this.#current = process;
    this.#sinceMs = performance.now();
    await this.#door.leadTo(process.port);
    this.#line.isUp = true;
  }

  /** What stood there once must stand there for good. */
  #lookAgain(): void {
    const look = lookAtJournal(this.#file);
    this.#lost += lostBetween(this.#look, look);
    this.#stale += staleWrites(this.#look, look);
    if (!look.isSound) this.#unsound += 1;
    this.#look = look;
  }
}

/** Twice as many as there are callers at a time. */
function tones(calls: number) {
  return pitches(2 * calls);
}
