import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const filesMax = 5;
const page = readFileSync(`${root}docs/where-to-change.md`, 'utf8');
const errands = errandsOf(page);

describe('the page of errands', () => {
  test('has eleven of them', () => {
    expect(errands.length).toBe(11);
  });

  test.each(errands)('names files that exist for "$name", or says that they are new', ({ files }) => {
    expect(files.filter(({ path, isNew }) => existsSync(`${root}${path}`) === isNew)).toEqual([]);
  });

  test.each(errands)(`names at most ${filesMax} files for "$name"`, ({ files }) => {
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(filesMax);
  });

  test('names neighbours of these files that exist', () => {
    const names = [...page.matchAll(/`([\w-]+\.ts)`/g)].map(([, name = '']) => name);
    const known = new Set(globSync('{src,test}/**/*.ts', { cwd: root }).map((path) => basename(path)));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

test('an errand has the files of its code spans, and the new ones are told from the others', () => {
  const files = [
    { path: 'src/a.ts', isNew: true },
    { path: 'docs/b.md', isNew: false },
    { path: 'src/c', isNew: false },
  ];
  const text =
    '# Page\n\nSee `src/d.ts`.\n\n## Do\n\n1. `src/a.ts` *new*: `b`.\n2. `c.ts` and `docs/b.md`.\n\n`src/c`\n';
  expect(errandsOf(text)).toEqual([{ name: 'Do', files }]);
});

/** The sections of the page, each with the paths in its code spans. */
function errandsOf(text: string) {
  const sections = text.split(/^## /m).slice(1);
  return sections.map((section) => {
    const paths = section.matchAll(/`((?:src|test|dev|docs|web)\/[\w./-]+)`( \*new\*)?/g);
    return {
      name: section.slice(0, section.indexOf('\n')),
      files: [...paths].map(([, path = '', isNew]) => ({ path, isNew: isNew !== undefined })),
    };
  });
}
