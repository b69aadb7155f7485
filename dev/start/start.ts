/**
 * Measures how fast the service starts, what it holds when it has nothing to do, and what short calls leave behind: `npm run bench:start`.
 * Prints tables in Markdown. Needs Linux.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../src/cli/help.ts';
import { memoryMbOf } from '../siege/process-figures.ts';
import { runBesideService } from '../siege/run-beside-service.ts';
import { SiegeService } from '../siege/siege-service.ts';
import { type Held, heldBy, tellsHeld } from './held.ts';
import { makeShortCalls, startSilentModel } from './short-calls.ts';
import { medianOf } from '../figures/quantiles.ts';

const usage = `Usage: npm run bench:start -- [options]
  Measures how fast the service starts, what it holds when idle, and what short calls leave behind. Needs Linux.
  --rounds N   how often each start is measured; 7 unless set
  --calls N    how many short calls are made afterwards, at most 100000; none unless set`;

/** A call that is over is known for a minute, and a little is left for what follows. */
const forgottenMs = 65_000;

/** Long enough for what comes after a start, and for what it has used to be given back. */
const idleMs = 12_000;

/** Calls that do not count: they grow what every process has. */
const warmUpCalls = 500;

interface Start {
  readonly readyMs: number;
  readonly cpuMs: number;
  readonly idleMb: number;
}

const noModel = 'http://127.0.0.1:9';

async function main(): Promise<number> {
  const { rounds, calls } = options();
  console.log('| start | ready after, ms | processor time, ms | idle, MB |\n| --- | --: | --: | --: |');
  for (const pages of ['off', '0']) {
    const starts: Start[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'parley-start-'));
    const settings = { NODE_COMPILE_CACHE: folder, ADMIN_PORT: pages, LOOKUP_FILE: '' };
    const what = pages === 'off' ? 'without pages' : 'with the pages of the operator';
    console.log(row(`the first, ${what}`, [await measureStart(settings)]));
    while (starts.length < rounds) starts.push(await measureStart(settings));
    console.log(row(`a later one, ${what}`, starts));
    rmSync(folder, { recursive: true });
  }
  return calls === 0 ? 0 : measureCalls(calls);
}

async function measureStart(settings: Readonly<Record<string, string>>): Promise<Start> {
  const fromMs = performance.now();
  const service = await SiegeService.start(noModel, settings);
  try {
    while (!(await fetch(`http://127.0.0.1:${service.port}/readyz`)).ok) await delay(5);
    const [readyMs, cpuMs] = [performance.now() - fromMs, service.cpuMs];
    await delay(idleMs);
    return { readyMs, cpuMs, idleMb: memoryMbOf(service.pid) };
  } finally {
    await service.stop();
  }
}

function row(name: string, starts: readonly Start[]): string {
  const of = (figure: (start: Start) => number): string => medianOf(starts.map(figure)).toFixed(0);
  return `| ${name} | ${of(({ readyMs }) => readyMs)} | ${of(({ cpuMs }) => cpuMs)} | ${of(({ idleMb }) => idleMb)} |`;
}

async function measureCalls(count: number): Promise<number> {
  const model = await startSilentModel();
  const service = await SiegeService.start(model.url, { ...tellsHeld, MAX_CONCURRENT_CALLS: '500' });
  try {
    await makeShortCalls(service.port, warmUpCalls);
    await delay(forgottenMs);
    const before = await heldBy(service, 1);
    const fromMs = performance.now();
    const unanswered = await makeShortCalls(service.port, count);
    const tookMs = performance.now() - fromMs;
    await delay(forgottenMs);
    const after = await heldBy(service, 2);
    console.log(
      `\n${count} short calls, ${((1_000 * count) / tookMs).toFixed(0)} a second, ${unanswered} not answered in time, leave behind:\n`,
    );
    console.log(`- heap ${growth(before, after, 'heapMb')}, outside of it ${growth(before, after, 'externalMb')}`);
    console.log(`- before: ${JSON.stringify(before.resources)}\n- after: ${JSON.stringify(after.resources)}`);
    return 0;
  } finally {
    await service.stop();
    model.close();
  }
}

function growth(before: Held, after: Held, of: 'heapMb' | 'externalMb'): string {
  return `${before[of].toFixed(1)} → ${after[of].toFixed(1)} MB`;
}

function options(): { rounds: number; calls: number } {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, calls: { type: 'string' } } });
  return { rounds: number('rounds', values.rounds ?? '7', 99), calls: number('calls', values.calls ?? '0', 100_000) };
}

function number(name: string, given: string, max: number): number {
  if (/^\d{1,6}$/.test(given) && Number(given) <= max) return Number(given);
  throw new RangeError(`--${name} is not a number up to ${max}: "${given}".\n${usage}`);
}

helpIfAsked(usage);
await runBesideService(main);
