import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'vitest';
import type { CallRecord } from '../../src/store/writing/call-record.ts';
import type { TakeOver } from '../../src/store/writing/call-record.ts';
import { Journal, type JournalOptions } from '../../src/store/journal.ts';
import { filePlace } from '../../src/store/sqlite/file-place.ts';
import { type FileJournalOptions, openJournal } from '../../src/store/sqlite/open-journal.ts';
import { systemClock } from '../../src/system/clock.ts';
import { LogLines } from '../log-lines.ts';
import { UnthreadedJournals } from './writing/unthreaded-journals.ts';

/** How long a journal gets to write all that waits. */
export const closeMsMax = 20_000;

/** A machine that is busy may be slower than a caller would wait for. */
const answerMsMax = 20_000;

const usualFileBytesMax = 64 * 1024 * 1024;

export const parties = { from: '+15550101', to: '+15550100' };

/** A folder of its own, with a name for a journal in it, and the journals that a test opens there. */
export class JournalScene {
  readonly folder = temporaryFolder();
  readonly file = join(this.folder, 'journal.sqlite');
  readonly log = new LogLines();
  /** Unix time in ms. It stands still unless a test moves it. */
  nowMs = Date.UTC(2026, 10, 20, 12);
  /** The calls that were taken from a record of ours. */
  readonly fenced: string[] = [];
  readonly #journals: Journal[] = [];
  readonly #unthreaded = new UnthreadedJournals();

  constructor(context: TestContext) {
    context.onTestFinished(async () => {
      for (const journal of this.#journals) await closed(journal, 0);
      rmSync(this.folder, { recursive: true });
    });
  }

  /** The journal of a process. It has a thread only where a `script` for it is given. */
  open(
    limits: NonNullable<FileJournalOptions['limits']> = {},
    file: string | null = this.file,
    script?: URL,
    keepsWords = true,
  ): Journal {
    const clock = { ...systemClock, unixMs: () => this.nowMs };
    const options = { log: this.log.logger, clock, limits: { answerMsMax, ...limits } };
    const journal =
      script === undefined
        ? new Journal({ ...options, open: this.#opener(file, keepsWords, limits.fileBytesMax) })
        : openJournal({ ...options, file, keepsWords, script });
    this.#journals.push(journal);
    return journal;
  }

  #opener(file: string | null, keepsWords: boolean, fileBytesMax = usualFileBytesMax): JournalOptions['open'] {
    if (file === null) return null;
    const settings = { file, process: randomUUID(), keepsWords, fileBytesMax };
    return (onRenewal) => this.#unthreaded.open(filePlace(settings), onRenewal);
  }

  accept(journal: Journal, callSid: string): CallRecord {
    return journal.accept(callSid, parties, () => void this.fenced.push(callSid));
  }

  /** Accepts, says and ends, and waits until all is in the file. */
  async wholeCall(journal: Journal, callSid: string): Promise<void> {
    const record = this.accept(journal, callSid);
    record.append(saidLine('hello'));
    record.end('callerHungUp');
    await journal.read(callSid);
  }

  /** Looks into a file that no journal has open, or at what another connection sees of one that is. */
  rows(sql: string, file = this.file): Record<string, unknown>[] {
    const db = new DatabaseSync(file);
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  }

  run(sql: string, file = this.file): void {
    const db = new DatabaseSync(file, { timeout: 10_000 });
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  }
}

/** Takes a call over and waits for what comes of it. */
export function takeOver(journal: Journal, callSid: string, onFenced: () => void = () => {}): Promise<TakeOver> {
  return new Promise((resolve) => journal.takeOver(callSid, onFenced, resolve));
}

/** Closes a journal and waits until it is. */
export function closed(journal: Journal, msMax: number): Promise<void> {
  return new Promise((resolve) => journal.close(msMax, resolve));
}

/** Waits until what was written of a call is kept. */
export function settled(journal: Journal, callSid: string): Promise<boolean> {
  return new Promise((resolve) => journal.settled(callSid, resolve));
}

export function saidLine(text: string): { kind: 'said'; speaker: 'caller'; text: string; cut: boolean } {
  return { kind: 'said', speaker: 'caller', text, cut: false };
}

/** In memory where that is possible: how long a disk takes, when others use it as well, is not what is tested. */
function temporaryFolder(): string {
  try {
    return mkdtempSync('/dev/shm/parley-journal-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'parley-journal-'));
  }
}
