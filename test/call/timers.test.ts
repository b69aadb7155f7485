import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const core = fileURLToPath(new URL('../../src/call', import.meta.url));
const sources = readdirSync(core, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(core, path), 'utf8') }));

const declaration = readFileSync(join(core, 'timers.ts'), 'utf8');
const names = [...declaration.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, name = '']) => name);

describe('every deadline', () => {
  test('is declared on a line of its own', () => {
    expect(names.length).toBeGreaterThan(15);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(names)('%s is set and cleared by the one owner that its comment names', (name) => {
    const owner = new RegExp(`/\\*\\* \`([\\w/-]+\\.ts)\`: [^\\n]+ \\*/\\n {2}\\| '${name}'`).exec(declaration)?.[1];
    const sets = new RegExp(`\\b(?:wait|waitUntil)\\('${name}'`);
    const touches = new RegExp(`\\b(?:wait|waitUntil|stopWaiting)\\([^)]*'${name}'`);
    expect(sources.filter(({ text }) => sets.test(text)).map(({ path }) => path)).toEqual([owner]);
    expect(sources.filter(({ text }) => touches.test(text)).map(({ path }) => path)).toEqual([owner]);
  });
});
