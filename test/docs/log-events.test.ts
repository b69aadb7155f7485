import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The simulators log what docs/simulation.md tells, and commands print. */
const isService = (path: string): boolean => !/^(?:sim|cli)\//.test(path) && path.endsWith('.ts');

/** How a line of the log is written: by the log itself, as a note of a call, or by a tool or lookup. */
const writers = [
  /\.(?:info|warn|error)\(\s*(?:\{[^;]*?\}|\w+),\s*'(\w+)'/g,
  /\.note\(\s*'(?:info|warn)',\s*'(\w+)'/g,
  /\.noteOnce\(\s*'(\w+)'/g,
  /\blog\('(\w+)'/g,
];

test('the docs tell of every event that the log may hold above debug', () => {
  const events = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter(isService)
    .flatMap((path) => eventsIn(readFileSync(`${root}src/${path}`, 'utf8')));
  expect(new Set(events).size).toBeGreaterThan(120);
  const pages = readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(`${root}docs/${name}`, 'utf8'))
    .join('\n');
  expect([...new Set(events)].filter((event) => !pages.includes(`\`${event}\``)).toSorted()).toEqual([]);
});

function eventsIn(code: string): string[] {
  return writers.flatMap((pattern) => [...code.matchAll(pattern)].map(([, event = '']) => event));
}
