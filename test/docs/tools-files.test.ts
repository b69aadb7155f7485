import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { httpFields } from '../../src/lookups/http/http-fields.ts';
import { createAnswerReader } from '../../src/lookups/http/http-answer.ts';
import { fillRequest } from '../../src/lookups/http/http-request.ts';
import { parseToolsFile } from '../../src/lookups/tools-file/read-tools-file.ts';

const pages = ['README.md', 'docs/tools.md'].map((name) => ({
  name,
  files: [...readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => text.includes('tools:')),
}));

test.each(pages)('the tools files of $name are sound, with the secrets that they name', ({ files }) => {
  expect(files.length).toBeGreaterThan(0);
  for (const text of files) {
    const env = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, 'a-secret']));
    expect(parseToolsFile(text, { env }).problems).toEqual([]);
  }
});

/** The members of an answer of wttr.in that its page documents, shortened. */
const current = { temp_C: '12', weatherDesc: [{ value: 'Partly cloudy' }], windspeedKmph: '9', humidity: '71' };

test.each(pages)('the weather of $name is told in a sentence', ({ files }) => {
  const [tool] = files.flatMap((text) => parseToolsFile(text, { env: {} }).tools);
  const fields = httpFields.parse(tool?.fields);
  expect(fillRequest(fields, { city: 'São Paulo' }, null)?.url).toBe('https://wttr.in/S%C3%A3o%20Paulo?format=j1');
  const read = createAnswerReader(fields.answer);
  expect(read(JSON.stringify({ current_condition: [current] }), 'application/json')).toEqual({
    kind: 'found',
    text: 'It is 12 degrees, Partly cloudy. The wind blows at 9 kilometres an hour.',
  });
});
