import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { parseToolsFile, readToolsFile } from '../../../src/lookups/tools-file/read-tools-file.ts';
import { soundFile } from './mistakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file declares tools, each with its line, options and checked members', () => {
  const path = file(
    'tools.yaml',
    `\uFEFF# yaml-language-server: $schema=tools.schema.json\n${soundFile}    effect: write\n    confirm: true\n`,
  );
  expect(readToolsFile(path, { env: {} }).tools).toEqual([
    {
      name: 'weather',
      kind: 'http',
      line: 4,
      options: { name: 'weather', description: 'Tells the weather.', effect: 'write', confirm: true, timeoutMs: null },
      fields: {
        parameters: { city: { type: 'text', description: 'The city.' } },
        method: 'GET',
        url: 'https://wttr.example/{city}',
        query: {},
        headers: {},
        hosts: ['wttr.example'],
        answer: { say: 'It is {temp} degrees.' },
        secrets: [],
      },
    },
  ]);
});

test('JSON is read like YAML, tabs included', () => {
  const path = file(
    'tools.json',
    '{\n\t"$schema": "x",\n\t"tools": {\n\t\t"search": { "kind": "google_search" }\n\t}\n}\n',
  );
  expect(readToolsFile(path, { env: {} }).tools).toMatchObject([{ name: 'search', kind: 'google_search', line: 4 }]);
});

test('what is taken from the environment is remembered as a secret, and $$ stands for itself', () => {
  const text = `${soundFile}    headers: { A: "Bearer \${TOKEN} \${UNIT}", B: "$\${TOKEN}" }\n`;
  const { tools } = parseToolsFile(text, { env: { TOKEN: 'abcdefgh', UNIT: 'metric' } });
  expect(tools[0]?.fields).toMatchObject({
    headers: { A: 'Bearer abcdefgh metric', B: '${TOKEN}' },
    secrets: ['abcdefgh'],
  });
});

test('a problem does not show a secret', () => {
  const text = `${soundFile}    query: { a: "\${TOKEN}" }\n`;
  const { problems } = parseToolsFile(text, { env: { TOKEN: '{s3cr3t}' } });
  expect(problems.map(({ what }) => what)).toEqual(['names ***, which is not among parameters']);
});

test('a file that cannot be read, is too large or is not UTF-8 is refused, the last by its line', () => {
  expect(problemOf(join(folder, 'none.yaml'))).toBe(
    `TOOLS_FILE names ${join(folder, 'none.yaml')}, which cannot be read: it does not exist.`,
  );
  expect(problemOf(file('large.yaml', 'a'.repeat(256_001)))).toContain('holds 256001 bytes; it wants at most 256000.');
  const latin1 = file('latin1.yaml', Buffer.from(`${soundFile}# caf\u00e9`, 'latin1'));
  expect(problemOf(latin1)).toBe(`${latin1}:10 the tools file is not UTF-8 throughout; save it as UTF-8.`);
  const utf16 = file('utf16.yaml', Buffer.from(soundFile, 'utf16le'));
  expect(problemOf(utf16)).toBe(`${utf16}:1 the tools file is not UTF-8 throughout; save it as UTF-8.`);
});

test.each(['[', '{a: ', '- ', '? '])('a file of nothing but %s is refused within a moment', (part) => {
  const started = performance.now();
  // Nested deeper than any stack; a whole file of 256 kB takes sixteen times as long and proves no more.
  const { problems } = parseToolsFile(part.repeat(16_000 / part.length), { env: {} });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(10);
  expect(performance.now() - started).toBeLessThan(60_000);
});

test('every problem of a file is told, one line each', () => {
  const path = file('wrong.yaml', 'hots: []\ntools:\n  A: { kind: htp }\n');
  expect(problemOf(path).split('\n')).toEqual([
    `${path}:1:1 hots is not known here; did you mean hosts.`,
    `${path}:3:3 tools.A is no name for a tool: it wants small letters, digits and "_", at most 64.`,
    `${path}:3:3 tools.A.description is missing.`,
    `${path}:3:3 tools.A.url is missing.`,
    expect.stringContaining(`${path}:3:8 tools.A.kind is "htp"; it wants one of http`),
  ]);
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemOf(path: string): string {
  const { tools, problems } = readToolsFile(path, { env: {} });
  expect(tools).toEqual([]);
  return problems.join('\n');
}
