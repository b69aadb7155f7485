import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A question about the handbook, and how to tell the passage that answers it. */
export interface HandbookQuestion {
  readonly question: string;
  /** What a model adds to it. */
  readonly terms: string;
  /** Stands in the right passage and nowhere else. */
  readonly quotation: string;
}

/** The questions by which the search was made, and those that nobody looked at meanwhile. */
export const questionHalves = ['development', 'held-out'] as const;

export type QuestionHalf = (typeof questionHalves)[number];

const fixtures = new URL('../../fixtures/knowledge/', import.meta.url);

/** The folder of the handbook. */
export const handbookFolder = fileURLToPath(new URL('handbook', fixtures));

const questionLine = z.object({ question: z.string(), terms: z.string(), quotation: z.string() });

/** The 100 questions of a half. */
export function handbookQuestions(half: QuestionHalf): HandbookQuestion[] {
  const lines = readFileSync(new URL(`questions-${half}.jsonl`, fixtures), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => questionLine.parse(JSON.parse(line)));
}
