import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

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

function entriesByCall(writes: readonly Write[]): Map<string, number> {
  return new Map(writes.map(({ callSid, n }) => [callSid, n]));
}
