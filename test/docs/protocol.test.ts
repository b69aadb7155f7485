import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

interface Rule {
  readonly id: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const rules = ['twilio', 'gemini'].flatMap((remote) => rulesOf(read(`docs/protocol/${remote}.md`)));
const idPattern = /\b(?:TW|GM)-[A-Z]+-\d+\b/g;

describe('the protocol pages', () => {
  test('give every rule an id of its own', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThan(65);
  });

  test.each(rules)('say how sure $id is, and give a public source', ({ text }) => {
    const grade =
      /^\*\*Sure:\*\* (?:documented|read in the SDK|seen in the field|uncertain)\b.* \*\*Sources:\*\* (.+)$/m;
    const [, sources] = grade.exec(text) ?? [];
    expect(sources).toMatch(/^(?:<https:\/\/(?:[a-z0-9-]+\.)+[a-z]+\/[^\s<>]+>(?: · |$))+$/);
  });

  test('hold every rule that the repository cites', () => {
    const known = new Set(rules.map(({ id }) => id));
    const files = globSync(['src/**/*.ts', 'test/**/*.ts', 'dev/**/*.ts', 'docs/**/*.md', '*.md'], { cwd: root });
    const unknown = files.flatMap((file) =>
      (read(file).match(idPattern) ?? []).filter((id) => !known.has(id)).map((id) => `${file}: ${id}`),
    );
    expect(unknown).toEqual([]);
    expect(files.length).toBeGreaterThan(400);
  });
});

/** The sections of a page, each from its heading, "### TW-HOOK-1 · Parameters", to the next. */
function rulesOf(page: string): Rule[] {
  return page
    .split(/^(?=#{2,3} )/m)
    .map((text) => ({ id: /^### ((?:TW|GM)-[A-Z]+-\d+) · /.exec(text)?.[1], text }))
    .filter((section): section is Rule => section.id !== undefined);
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, 'utf8');
}
