/**
 * Shows how well and how fast passages are found: `npm run eval:knowledge`. Asks 200 questions, or one half of them, about a handbook of
 * some 300 pages, whose words they avoid, bare and with the words that a model adds, and measures the time of the same questions in 10,000
 * passages. Exits with 1 when a model would be given the right passage too seldom, or too late.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ParleyError } from '../../src/errors.ts';
import { startCommand } from '../../src/cli/terminal/terminal.ts';
import { handbookFolder, handbookQuestions, type QuestionHalf, questionHalves } from './handbook-questions.ts';
import { writeLargeFolder } from './large-folder.ts';
import { type KnowledgeScore, knowledgeScore, openKnowledge } from './score.ts';
import { quantilesOf } from '../figures/quantiles.ts';

const usage = `Usage: npm run eval:knowledge -- [options]
  Shows how often the right passage of a handbook is found, and how long that takes.
  --half NAME   development, or held-out: the questions that the search was not made with; both unless set`;

/** Of 100 questions as a model asks them, so many must have the right passage among the first three, in each half. */
const foundMin = 90;

/** CPU time of a question in 10,000 passages, at the 95th percentile. */
const questionMsMax = 30;

const largePassages = 10_000;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { half: { type: 'string' } } });
  const halves = questionHalves.filter((half) => values.half === undefined || half === values.half);
  if (halves.length === 0) throw new ParleyError('config.invalid', `--half is ${questionHalves.join(' or ')}.`);
  const found = await scoreHandbook(halves);
  const p95Ms = await timeLargeIndex(halves);
  const isWell = found.every((count) => count >= foundMin) && p95Ms <= questionMsMax;
  console.log(isWell ? '\nPASS' : '\nFAIL');
  return isWell ? 0 : 1;
}

/** Prints the scores. Returns of how many questions the passage was among the first three, as a model asks them. */
async function scoreHandbook(halves: readonly QuestionHalf[]): Promise<number[]> {
  const { lookup, openMs } = await timed(handbookFolder);
  console.log(`The handbook is ready after ${openMs.toFixed(0)} ms.\n`);
  console.log('| questions | as the caller asks | with the words of a model |\n| --- | --- | --- |');
  const found: number[] = [];
  const cpuMs: number[] = [];
  for (const half of halves) {
    const questions = handbookQuestions(half);
    const bare = await knowledgeScore(lookup.tool, questions, 'bare');
    const withTerms = await knowledgeScore(lookup.tool, questions, 'withTerms');
    console.log(`| ${questions.length} ${half} | ${described(bare)} | ${described(withTerms)} |`);
    found.push(withTerms.firstThree);
    cpuMs.push(...bare.cpuMs, ...withTerms.cpuMs);
  }
  console.log('\nRight passage first, among the first three, among the first five.');
  console.log(`CPU time of a question: ${percentiles(cpuMs)}.`);
  await lookup.close();
  return found;
}

/** Prints how long a large index takes, to be made and to be asked. Returns the 95th percentile of a question. */
async function timeLargeIndex(halves: readonly QuestionHalf[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-knowledge-'));
  try {
    writeLargeFolder(folder, largePassages, 1);
    const { lookup, openMs } = await timed(folder);
    const scores: KnowledgeScore[] = [];
    for (const half of halves) {
      for (const asked of ['bare', 'withTerms'] as const) {
        scores.push(await knowledgeScore(lookup.tool, handbookQuestions(half), asked));
      }
    }
    await lookup.close();
    const cpuMs = scores.flatMap((score) => score.cpuMs);
    const memoryMb = process.memoryUsage.rss() / 1024 / 1024;
    console.log(
      `\n${largePassages} passages are ready after ${openMs.toFixed(0)} ms; ${memoryMb.toFixed(0)} MB of memory.`,
    );
    console.log(`CPU time of a question: ${percentiles(cpuMs)}.`);
    return quantilesOf(cpuMs)(0.95);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timed(folder: string) {
  const beganMs = performance.now();
  const lookup = await openKnowledge(folder);
  return { lookup, openMs: performance.now() - beganMs };
}

function described({ first, firstThree, firstFive }: KnowledgeScore): string {
  return `${first}, ${firstThree}, ${firstFive}`;
}

function percentiles(values: readonly number[]): string {
  const at = quantilesOf(values);
  return `p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms`;
}

await startCommand({ usage, run: main });
