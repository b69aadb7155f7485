import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What is measured, each in a process of its own: code that serves both kinds is slower for either than it need be. */
export const benchKinds = ['full audio: recorded speech, every trace hashed', 'levels: no filters, no hash'] as const;

/** The kinds take turns, so that a busy machine slows both alike; the medians are printed. */
const turns = 3;

const script = fileURLToPath(new URL('bench-kind.ts', import.meta.url));

/** Measures how many seconds of calls one second of CPU time simulates, the invariants running in both kinds. */
export function runBench(print: (text: string) => void): number {
  const speeds = benchKinds.map((): number[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    benchKinds.forEach((kind, index) => {
      speeds[index]?.push(
        Number(execFileSync(process.execPath, [...process.execArgv, script, kind], { encoding: 'utf8' })),
      );
    });
  }
  print(`Seconds of calls in one second of CPU time, medians of ${turns} processes that took turns:`);
  benchKinds.forEach((kind, index) => {
    print(
      `  ${median(speeds[index] ?? [])
        .toFixed(0)
        .padStart(5)}  ${kind}`,
    );
  });
  return 0;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
