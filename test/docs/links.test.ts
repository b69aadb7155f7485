import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', '{docs,fixtures,src,test,dev}/**/*.md'], { cwd: root }).toSorted();

describe('the pages', () => {
  test.each(pages)('of %s link to files and headings that exist', (page) => {
    const broken = linksOf(proseOf(read(page))).filter((link) => !leadsSomewhere(page, link));
    expect(broken).toEqual([]);
  });

  test.each(pages)('of %s name source files that exist', (page) => {
    expect(sourcePathsOf(proseOf(read(page))).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('hold links and source files at all', () => {
    const prose = pages.map((page) => proseOf(read(page))).join('\n');
    expect(linksOf(prose).length).toBeGreaterThan(100);
    expect(sourcePathsOf(prose).length).toBeGreaterThan(60);
  });
});

describe('a page', () => {
  test.each([
    ['[a](docs/flows.md) and [b](#here)', ['docs/flows.md', '#here']],
    ['[a](https://example.org) is not ours to check', []],
    ['```\n[a](missing.md)\n```\n', []],
  ])('%j links to %j', (page, links) => {
    expect(linksOf(proseOf(page))).toEqual(links);
  });

  test.each([
    ['`src/call/call.ts` and `npx vitest run test/config -u`', ['src/call/call.ts', 'test/config']],
    ['`src/call/*.ts` and `src/call`.', ['src/call/', 'src/call']],
    ['`src/tomorrow.ts` *new* and `src/call`', ['src/call']],
    ['src/nowhere.ts without a code span is not meant as a path', []],
    ['    `in/src/deeper.ts` is a path of another folder', []],
  ])('%j names %j', (page, paths) => {
    expect(sourcePathsOf(proseOf(page))).toEqual(paths);
  });

  test('has the anchors that GitHub makes of its headings', () => {
    expect(anchorsOf('# Who owns what?\n\n### TW-HOOK-1 · The `<Connect>` action\n')).toEqual([
      'who-owns-what',
      'tw-hook-1--the-connect-action',
    ]);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

/** A page without its code blocks, which show examples. */
function proseOf(page: string): string {
  return page.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

function linksOf(prose: string): string[] {
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function sourcePathsOf(prose: string): string[] {
  // A file that somebody may make one day is marked.
  const codeSpans = prose.replaceAll(/`[^`\n]+` \*new\*/g, '').match(/`[^`\n]+`/g) ?? [];
  return codeSpans.flatMap((span) => span.match(/(?<![\w./-])(?:src|test|dev|fixtures)\/[\w./-]*/g) ?? []);
}

function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
