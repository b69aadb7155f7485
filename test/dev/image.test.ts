import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { contextFiles } from '../../dev/image/build-context.ts';
import { commandOf, readDockerfile } from '../../dev/image/dockerfile.ts';
import { buildImage } from '../../dev/image/image-build.ts';
import { startArguments } from '../../dev/siege/start-arguments.ts';

test('the image gets what runs, what the simulated agent says and what the doctor says, and nothing else', () => {
  const files = contextFiles('.', readFileSync('.dockerignore', 'utf8'));
  expect(files.filter((file) => !/^(?:src|web)\//.test(file))).toEqual([
    '.npmrc',
    'LICENSE',
    'fixtures/audio/agent/LICENSE.md',
    expect.stringMatching(/^fixtures\/audio\/agent\/[a-z-]+\.wav$/),
    ...Array.from({ length: 8 }, () => expect.stringMatching(/^fixtures\/audio\/agent\/[a-z-]+\.wav$/)),
    'fixtures/audio/caller/LICENSE.md',
    'fixtures/audio/caller/order-number.wav',
    'fixtures/audio/clips.json',
    'fixtures/scenarios/no-key.json',
    'package-lock.json',
    'package.json',
  ]);
  expect(files).toEqual(expect.arrayContaining(['src/main.ts', 'web/shared/style.css']));
});

test('the image starts the service as npm start does, on the Node that comes along', () => {
  const steps = readDockerfile(readFileSync('Dockerfile', 'utf8'));
  const textOf = (name: string) => steps.find((step) => step.name === name)?.text ?? '';
  expect(commandOf(textOf('CMD'))).toEqual(['node', ...startArguments()]);
  // V8 takes no code that was compiled under other options.
  const fill = steps.find(({ name, text }) => name === 'RUN' && text.includes('src/fill-cache.ts'));
  expect(fill?.text.split(' ')).toEqual([
    'node',
    ...startArguments().slice(0, -1),
    'src/fill-cache.ts',
    '${SERVICE_USER}',
  ]);
  const manifest = readFileSync('package.json', 'utf8');
  expect(manifest).toContain(`"node": "${/^node:(\d+\.\d+\.\d+)-slim$/.exec(textOf('FROM'))?.[1]}"`);
});

test.for([
  ['nothing is left out without a rule', '', ['.h', 'a', 'b/c', 'b/d/e']],
  ['a folder goes with all that it holds', 'b', ['.h', 'a']],
  ['the last rule that fits decides', '*\n!b\nb/d', ['b/c']],
  ['a file is let in from a folder that is left out', '*\n!b/d/e', ['b/d/e']],
  ['a star does not reach into folders, two do', '*\n!**/e', ['b/d/e']],
  ['a star takes in hidden files', '*\n!.h', ['.h']],
  ['comments and empty lines say nothing', '# b\n\na', ['.h', 'b/c', 'b/d/e']],
] as const)('%s', ([, rules, left], context) => {
  expect(contextFiles(folderWith(context, { '.h': '', a: '', 'b/c': '', 'b/d/e': '' }), rules)).toEqual(left);
});

test('a Dockerfile is read step by step, without comments, with continued lines joined', () => {
  expect(readDockerfile('FROM a\n# why\nrun b \\\n  # no\n  && c\n\nCMD ["d"]\n')).toEqual([
    { name: 'FROM', text: 'a' },
    { name: 'RUN', text: 'b && c' },
    { name: 'CMD', text: '["d"]' },
  ]);
});

describe('a build', () => {
  const last = 'USER ${WHO}\nHEALTHCHECK --interval=30s CMD ["true"]\nCMD ["node", "a"]\n';

  test('copies, sets and runs what the Dockerfile says', (context) => {
    const image = build(
      context,
      `FROM x\nENV A=1 B=2\nWORKDIR /app\nCOPY a ./\nCOPY b ./c\nARG WHO=x\nRUN echo $A$WHO > ran\n${last}`,
    );
    expect(image).toMatchObject({ env: { A: '1', B: '2' }, user: 'me', command: ['node', 'a'], healthCheck: ['true'] });
    expect(contextFiles(image.folder, '')).toEqual(['a', 'c/c', 'ran']);
    expect(readFileSync(join(image.folder, 'ran'), 'utf8')).toBe('1me\n');
  });

  test.for([
    ['a step that is not known', 'ADD a ./', 'ADD is not carried out here'],
    ['a copy of what .dockerignore keeps out', 'COPY left-out ./', 'lets in: left-out'],
    ['an option of COPY', 'COPY --chown=me a ./', 'COPY takes no options'],
  ] as const)('refuses %s', ([, step, message], context) => {
    expect(() => build(context, `${step}\n${last}`)).toThrow(message);
  });

  test('refuses a command for a shell, which would not pass SIGTERM on', () => {
    expect(() => commandOf('node src/main.ts')).toThrow('must be a JSON list');
  });
});

function build(context: TestContext, dockerfile: string) {
  const files = { a: 'A', 'b/c': 'C', 'left-out': '', Dockerfile: dockerfile, '.dockerignore': 'left-out' };
  const source = folderWith(context, files);
  return buildImage({ source, root: folderWith(context, {}), bin: source, args: { WHO: 'me' } });
}

/** A folder with these files, which is gone when the test is over. */
function folderWith({ onTestFinished }: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
