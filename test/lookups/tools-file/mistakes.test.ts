import { expect, test } from 'vitest';

import { problemLine } from '../../../src/admin-file/file-problem.ts';
import { lookupFields } from '../../../src/lookups/lookup-fields.ts';
import { parseToolsFile } from '../../../src/lookups/tools-file/read-tools-file.ts';
import { mistakes, soundFile } from './mistakes.ts';

const kinds = Object.keys(lookupFields).join(', ');

test('the file that the mistakes are made in is sound', () => {
  expect(linesOf(soundFile)).toEqual([]);
});

test('there are at least 30 mistakes', () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(30);
});

test.each(mistakes)('$name: each mistake is named with its line, its member and what to do', ({ text, lines }) => {
  expect(linesOf(text)).toEqual(lines.map((line) => `tools.yaml:${line.replace('KINDS', kinds)}`));
});

function linesOf(text: string): string[] {
  const { problems } = parseToolsFile(text, { env: {}, taken: ['end_call'] });
  return problems.map((problem) => problemLine('tools.yaml', problem));
}
