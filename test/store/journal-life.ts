import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { until } from '../until.ts';
import { JournalScene } from './journal-scene.ts';

/** One line of the child: it writes this entry, or has at least begun to. */
interface Write {
  readonly callSid: string;
  readonly n: number;
  readonly ms: number;
}

/** A process of its own with twenty calls in a journal, and what it said before it was killed. */
export class Life {
  readonly #child: ChildProcess;
  /** A file and no pipe: a process that waits for its reader is not killed at any moment. */
  readonly #output: string;

  constructor(context: TestContext, file: string, name: string) {
    const script = join(import.meta.dirname, 'journal-child.ts');
    this.#output = `${file}.${name}.output`;
    const output = openSync(this.#output, 'w');
    this.#child = spawn(process.execPath, [script, file, name], { stdio: ['ignore', output, 'inherit'] });
    closeSync(output);
    context.onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }

  get lines(): readonly string[] {
    return readFileSync(this.#output, 'utf8').split('\n').slice(0, -1);
  }

  get writes(): readonly Write[] {
    return this.#said('writes').map(([callSid = '', n, ms]) => ({ callSid, n: Number(n), ms: Number(ms) }));
  }

  /** How many entries of each call it knew to be in the file. */
  get committed(): Map<string, number> {
    const count = Number(this.#said('committed').at(-1)?.[0] ?? 0);
    return entriesByCall(this.writes.slice(0, count));
  }

  /** How many entries of each call were older than `ageMs` when it spoke last. Time in which the machine let it do nothing does not count. */
  olderThan(ageMs: number): Map<string, number> {
    const { writes } = this;
    const pausesMs = writes.map(({ ms }, index) => ms - (writes[index - 1]?.ms ?? ms));
    const untilMs = (writes.at(-1)?.ms ?? 0) - ageMs - 3 * Math.max(...pausesMs);
    return entriesByCall(writes.filter(({ ms }) => ms < untilMs));
  }

  #said(what: string): string[][] {
    const words = this.lines.map((line) => line.split(' '));
    return words.filter(([first]) => first === what).map(([, ...rest]) => rest);
  }
}

/** Lets processes live on one journal, each until it has begun so many entries, kills them, and tells what the journal then holds. */
export async function journalAfterKills(context: TestContext, entriesOfLives: readonly number[]) {
  const scene = new JournalScene(context);
  const lives: Life[] = [];
  for (const entries of entriesOfLives) {
    const life = new Life(context, scene.file, `to-entry-${entries}`);
    await until('its entries', () => life.writes.length >= entries);
    await life.kill();
    lives.push(life);
  }
  const journal = scene.open();
  const torn: string[] = [];
  for (const [callSid, written] of lives.flatMap(({ committed }) => [...committed])) {
    const numbers = (await journal.read(callSid))?.entries.map(({ n }) => n) ?? [];
    if (numbers.length < written || numbers.some((n, index) => n !== index + 1)) torn.push(callSid);
  }
  const left = await journal.unfinished();
  scene.nowMs = Date.now() + 1;
  const closed = await journal.closeUnfinished(0);
  return {
    /** Calls of which not all is there that was known to be, or not in its order. */
    torn,
    movedAside: journal.state.movedAside,
    /** Whether the last life knew of more than the beginning of its calls in the file. */
    hasEntries: (lives.at(-1)?.committed.get(`to-entry-${entriesOfLives.at(-1)}-0`) ?? 0) > 1,
    hasCalls: left.length >= 20,
    withoutFinalRecord: left.length - closed + (await journal.unfinished()).length,
  };
}

/** As it must be. */
export const allKept = { torn: [], movedAside: null, hasEntries: true, hasCalls: true, withoutFinalRecord: 0 };

function entriesByCall(writes: readonly Write[]): Map<string, number> {
  return new Map(writes.map(({ callSid, n }) => [callSid, n]));
}
