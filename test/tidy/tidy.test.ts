import { fileURLToPath } from 'node:url';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles, crowdedFolders, fileLinesMax, folderFilesMax, longFiles, twins } from './tree.ts';
import { simulatorHosts, type Source, untidiness } from './rules.ts';
import { untidyPages } from './pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the sources', () => {
  test('are tidy', () => {
    const sources = filesOf('src', /\.ts$/);
    expect(sources.length).toBeGreaterThan(250);
    expect(sources.flatMap(untidiness)).toEqual([]);
  });

  test('hold every host that the rules name', () => {
    const paths = new Set(filesOf('src', /\.ts$/).map(({ path }) => path));
    expect(simulatorHosts.filter((host) => ![...paths].some((path) => path.startsWith(host)))).toEqual([]);
  });
});

describe('the pages', () => {
  test('are tidy', () => {
    const sources = fromRoot('web', /\.ts$/);
    expect(sources.length).toBeGreaterThan(4);
    expect(sources.flatMap(untidyPages)).toEqual([]);
  });

  test.for([
    ['may not import src/console/door/login.ts', "import { Login } from '../../src/console/door/login.ts';"],
    ['may not import web/other/b.ts', "import { b } from '../other/b.ts';"],
    ['may not import ws', "import { WebSocket } from 'ws';"],
    ['writes HTML', 'place.innerHTML = words;'],
    ['writes HTML', "h('p', { dangerouslySetInnerHTML: { __html: words } });"],
    ['knows Node', 'Buffer.from(words);'],
    ['asserts a type', 'const a = b as string;'],
  ] as const)('are seen where one %s', ([what, text]) => {
    expect(untidyPages(source('web/one/a.ts', text))).toEqual([`web/one/a.ts ${what}`]);
  });

  test.for([
    "import { h } from 'preact';\nimport { loading } from '../shared/notices.ts';\nimport { c } from './c.ts';",
    "import type { Health } from '../../src/console/health/health.ts';",
    "import { encodeMulaw } from '../../src/audio/mulaw.ts';",
  ])('are well with %j', (text) => {
    expect(untidyPages(source('web/one/a.ts', text))).toEqual([]);
  });
});

test('no file says on which machine or by which hand it was written', () => {
  const files = [
    ...['src', 'test', 'docs', 'dev', 'fixtures', 'web'].flatMap((folder) =>
      filesOf(folder, /\.(?:ts|js|md|json|html|css)$/),
    ),
    ...filesOf('deploy', /\.\w+$|Caddyfile$/),
    ...filesOf('.', /^[^/]*\.(?:json|md|ts|example)$|^Dockerfile$/, false),
  ];
  // Written so that this very line is none of the places.
  // A handbook of others speaks of folders of its readers.
  const own = files.filter(({ path }) => !path.startsWith('knowledge/handbook/'));
  const trace = /\/(?:work|home|root|Users|tmp)\/[a-z]|co-[a]uthored|generated (?:with|by) [A]|"resolve[d]"/i;
  expect(files.length).toBeGreaterThan(500);
  expect(own.filter(({ text }) => trace.test(text)).map(({ path }) => path)).toEqual([]);
});

test('comments name files that are there', () => {
  const files = ['src', 'dev', 'web'].flatMap((folder) => fromRoot(folder, /\.ts$/));
  const named = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*(?:\/\/|\/?\*).*$/gm)].flatMap(([comment]) =>
      [...comment.matchAll(/\b(?:src|test|dev|docs|web)\/[\w./-]*\w\.(?:ts|md)\b/g)].map(([file]) => ({ path, file })),
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
});

describe('the rules see', () => {
  test.for([
    ['call/a.ts', 'may not import host/b.ts', "import { b } from '../host/b.ts';"],
    ['call/a.ts', 'may not import twilio/b.ts', "import type { B } from '../twilio/b.ts';"],
    ['call/a.ts', 'may not import node:fs', "import { readFileSync } from 'node:fs';"],
    ['call/a.ts', 'may not import zod', "const { z } = load(import('zod'));"],
    ['call/a.ts', 'may not import tools/tool.ts', "import '../tools/tool.ts';"],
    ['audio/a.ts', 'may not import errors.ts', "import {\n  b,\n} from '../errors.ts';"],
    ['gemini/a.ts', 'may not import call/call.ts', "import { Call } from '../call/call.ts';"],
    ['tools/a.ts', 'may not import express', "import express from 'express';"],
    ['sim/model/a.ts', 'may not import gemini/setup.ts', "import { liveSetup } from '../../gemini/setup.ts';"],
    ['sim/model/a.ts', 'may not import node:events', "import { once } from 'node:events';"],
    ['host/a.ts', 'may not import config/config.ts', "import { loadConfig } from '../config/config.ts';"],
    [
      'host/a.ts',
      'may not import sim/carrier/hosts/phone.ts',
      "import { placeCall } from '../sim/carrier/hosts/phone.ts';",
    ],
    ['cli/a.ts', 'may not import main.ts', "import { main } from '../main.ts';"],
    ['host/a.ts', 'reads a clock', 'const at = performance.now();'],
    ['twilio/a.ts', 'waits by itself', 'setTimeout(f, 1);'],
    ['gemini/a.ts', 'is asynchronous', 'async function f() {}'],
    ['host/a.ts', 'imports ./b without .ts', "import { b } from './b';"],
    ['helpers/a.ts', 'lies where no rule of imports reaches', ''],
    ['call/a.ts', 'reads a clock', 'const at = Date.now();'],
    ['call/a.ts', 'reads a clock', 'const at = `${performance.now()} ms`;'],
    ['audio/a.ts', 'waits by itself', 'setTimeout(f, 1);'],
    ['call/a.ts', 'is random', 'const id = Math.random();'],
    ['call/a.ts', 'is asynchronous', 'async function f() {}'],
    ['sim/carrier/a.ts', 'is asynchronous', 'const done: Promise<void> = f();'],
    ['call/a.ts', 'touches the world', 'console.log(1);'],
    ['audio/a.ts', 'calculates what engines round differently', 'const db = Math.log10(2);'],
    ['sim/caller/a.ts', 'calculates what engines round differently', 'const x = Math.pow(2, 0.5);'],
    ['service/a.ts', 'asserts a type', 'const a = b as unknown;'],
    ['host/a.ts', 'exports what is not its own', "export * from './b.ts';"],
    ['host/a.ts', 'exports what is not its own', "export type { B } from './b.ts';"],
    ['host/a.ts', 'spreads a list over arguments', 'early.push(...facts);'],
    ['call/a.ts', 'spreads a list over arguments', 'const most = Math.max(0, ...this.#lengths);'],
    ['call/a.ts', 'knows Buffer', 'Buffer.alloc(1);'],
  ] as const)('that %s %s', ([path, what, text]) => {
    expect(untidiness({ path, text })).toEqual([`${path} ${what}`]);
  });

  test.for([
    ['call/a.ts', "import { b } from '../audio/b.ts';\nimport { c } from './c.ts';"],
    ['call/a.ts', "// Date.now() and `await` have no place here.\nconst text = 'await Date.now() // as';"],
    ['call/a.ts', 'const x = Math.floor(Math.sqrt(2)) as const;'],
    ['sim/carrier/a.ts', 'this.#await(1);'],
    ['call/a.ts', 'do(...effects: readonly Effect[]) { this.take([...effects], { ...effects }); }'],
    ['gemini/a.ts', "import type { CallFact } from '../call/events.ts';\nconst a = b as unknown;"],
    ['service/a.ts', "import { a as b } from './b.ts';\nimport type { Config } from '../config/config.ts';"],
    ['sim/model/hosts/server.ts', "import { once } from 'node:events';\nawait once(a, 'b');"],
    ['audio/design-taps.ts', 'const x = Math.sin(1);'],
  ] as const)('nothing wrong in %s with %j', ([path, text]) => {
    expect(untidiness({ path, text })).toEqual([]);
  });
});

describe('the tree', () => {
  const sources = ['src', 'dev', 'web'].flatMap((folder) => fromRoot(folder, /\.ts$/));
  const paths = ['src', 'dev', 'test', 'web'].flatMap((folder) =>
    filesOf(folder, /\.\w+$/).map(({ path }) => `${folder}/${path}`),
  );

  test(`has no file of more than ${fileLinesMax} lines`, () => {
    expect(longFiles(sources)).toEqual([]);
  });

  test(`has no folder of more than ${folderFilesMax} files`, () => {
    expect(crowdedFolders(paths)).toEqual([]);
  });

  test('has no exported name twice', () => {
    expect(twins(sources)).toEqual([]);
  });

  test('has no circle of imports', () => {
    expect(circles(sources)).toEqual([]);
  });
});

describe('the rules of the tree see', () => {
  test('a file that is too long, and no other', () => {
    const lines = 'x\n'.repeat(fileLinesMax);
    expect(longFiles([source('a.ts', `${lines}x\n`), source('b.ts', lines)])).toEqual(['a.ts']);
  });

  test('a folder with too many files of its own, and no other', () => {
    const files = Array.from({ length: folderFilesMax }, (_, at) => `a/b/${at}.ts`);
    expect(crowdedFolders([...files, 'a/c.ts'])).toEqual([]);
    expect(crowdedFolders([...files, 'a/b/c.ts'])).toEqual(['a/b']);
  });

  test.for([
    'const x = 1',
    'function x() {}',
    'async function x() {}',
    'abstract class x {}',
    'interface x {}',
    'type x = 1',
  ])('two files that both have `export %s`', (what) => {
    expect(twins([source('a.ts', `export ${what};`), source('b.ts', 'export class x {}')])).toEqual(['x: a.ts, b.ts']);
  });

  test('no twin in a name that only one file exports', () => {
    const overloads = 'export function x(a: 1): 1;\nexport function x(a: 2): 2;';
    expect(twins([source('a.ts', overloads), source('b.ts', 'const x = 1;\nexport const y = x;')])).toEqual([]);
  });

  test('a circle of imports, of types as well', () => {
    const others = [
      source('b/b.ts', "import { c } from './c.ts';"),
      source('b/c.ts', "import type { A } from '../a.ts';"),
    ];
    expect(circles([source('a.ts', "import { b } from './b/b.ts';"), ...others])).toEqual(['a.ts, b/b.ts, b/c.ts']);
    expect(circles([source('a.ts', ''), ...others])).toEqual([]);
  });
});

function source(path: string, text: string): Source {
  return { path, text };
}

/** The same files, each with its path from the root on. */
function fromRoot(folder: string, fits: RegExp): Source[] {
  return filesOf(folder, fits).map(({ path, text }) => source(`${folder}/${path}`, text));
}

/** The files of a folder whose paths fit, each with its path from that folder on. */
function filesOf(folder: string, fits: RegExp, recursive = true): Source[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive, encoding: 'utf8' });
  return names
    .filter((path) => fits.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, folder, path), 'utf8') }));
}
