import { expect, onTestFinished, test } from 'vitest';

import { handbookFolder, handbookQuestions, type QuestionHalf } from '../../../dev/knowledge/handbook-questions.ts';
import { knowledgeScore, openKnowledge } from '../../../dev/knowledge/score.ts';

/**
 * How many of 100 questions must have the right passage among the first three: a few less than have it, since an honest change of the search
 * moves some up and others down. `npm run eval:knowledge` prints the figures.
 */
const foundMin: Readonly<Record<QuestionHalf, { readonly bare: number; readonly withTerms: number }>> = {
  development: { bare: 57, withTerms: 90 },
  'held-out': { bare: 58, withTerms: 91 },
};

test.for(['development', 'held-out'] as const)('the handbook answers the questions for %s', async (half) => {
  const { tool, close } = await openKnowledge(handbookFolder);
  onTestFinished(close);
  const questions = handbookQuestions(half);
  const bare = await knowledgeScore(tool, questions, 'bare');
  const withTerms = await knowledgeScore(tool, questions, 'withTerms');
  expect(questions).toHaveLength(100);
  expect(bare.firstThree).toBeGreaterThanOrEqual(foundMin[half].bare);
  expect(withTerms.firstThree).toBeGreaterThanOrEqual(foundMin[half].withTerms);
});
