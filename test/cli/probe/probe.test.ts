import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import type { Question } from '../../../src/cli/probe/question.ts';
import { allQuestions } from '../../../src/cli/probe/questions.ts';
import { probeCommand } from '../../../src/cli/probe.ts';
import { runHere } from '../run-cli.ts';
import { until } from '../../until.ts';
import { apiKey, askAll, faithful, generous, seen, simulatedService } from './probe-scene.ts';

const quick = ['first-turn', 'handles', 'usage-of-turns'];

/** A question that opens a session and never comes to its end. */
const endless: Question = {
  id: 'endless',
  asks: 'Does this end?',
  rules: [],
  relies: 'relies on nothing',
  model: 'configured',
  needs: { secondsMax: 3, sessions: 1, turns: 0, heardSeconds: 0, spokenSeconds: 0 },
  async ask(bench) {
    const session = await bench.open(bench.plan([]));
    bench.found('setup', 'answered');
    await session.next('a wonder', 600_000, () => null);
  },
};

test.concurrent('a model that does what Parley relies on is found to, over real sockets', async (context) => {
  const model = await simulatedService(context, faithful);
  const answers = await askAll(model.url, quick);
  expect(answers.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered']);
  expect(answers.flatMap(({ findings }) => findings.filter(({ agrees }) => agrees === false))).toEqual([]);
  expect(seen(answers)).toMatchObject({
    'first-turn': {
      'after the setup': 'setupComplete',
      order: expect.stringMatching(/modelTurn.*, generationComplete, turnComplete \+ usageMetadata/),
      'audio in a message': '100 ms; whole samples',
    },
    handles: { 'while its socket is open': expect.stringMatching(/^refused: 1011/), 'after the close': 'taken' },
    'usage-of-turns': { 'bills for turn one': '1' },
  });
  expect(model.sessions[0]?.setup).toMatchObject({ setup: { contextWindowCompression: {}, sessionResumption: {} } });
});

test.concurrent('what the service does otherwise is told as a difference', async (context) => {
  const model = await simulatedService(context, { ...faithful, refuseHandle: { code: 1011, reason: 'Not today.' } });
  const [answer] = await askAll(model.url, ['handles']);
  expect(answer?.findings).toContainEqual({ what: 'after the close', seen: '1011 "Not today."', agrees: false });
});

test.concurrent('the end of a connection is waited for beside the other questions', async (context) => {
  const model = await simulatedService(context, { ...faithful, lifeMs: 4_000, goAwayMs: 1_000 });
  const answers = await askAll(model.url, ['going-away', 'usage-of-turns']);
  expect(answers.map(({ question, outcome }) => [question.id, outcome])).toEqual([
    ['usage-of-turns', 'answered'],
    ['going-away', 'answered'],
  ]);
  expect(seen(answers)['going-away']).toMatchObject({ goAway: expect.stringContaining('{"timeLeft":"1s"}') });
});

test.concurrent('a question without an end is given up in its time, and the next one is asked', async (context) => {
  const model = await simulatedService(context, faithful);
  const answers = await askAll(model.url, [], { more: [endless, { ...endless, id: 'endless-too' }] });
  expect(answers).toMatchObject([
    { outcome: 'open', why: 'It was not answered within 3 s.', findings: [{ what: 'setup' }] },
    { outcome: 'open', question: { id: 'endless-too' } },
  ]);
  await until('the sessions are cut', () => model.sessions.every(({ timeline }) => isClosed(timeline.at(-1)?.message)));
});

test.concurrent('a fault of one question does not take the others along', async (context) => {
  const model = await simulatedService(context, faithful);
  const broken = { ...endless, ask: () => Promise.reject(new TypeError('A slip.')) };
  const answers = await askAll(model.url, [], { more: [broken, { ...endless, ask: () => Promise.resolve() }] });
  expect(answers).toMatchObject([
    { outcome: 'open', why: 'The probe itself failed: A slip.' },
    { outcome: 'answered' },
  ]);
});

test.concurrent('a service that refuses the setup is quoted', async (context) => {
  const model = await simulatedService(context, { ...faithful, refuseSetup: 'quotaExceeded' });
  const [answer] = await askAll(model.url, ['usage-of-turns']);
  expect(answer).toMatchObject({
    outcome: 'open',
    why: expect.stringMatching(/^The setup was refused: 1011 "You exceeded/),
  });
});

test.concurrent('a session too many is quoted with its number', async (context) => {
  let sessions = 0;
  const model = await simulatedService(context, () => {
    sessions += 1;
    return sessions > 3 ? { ...faithful, refuseSetup: 'quotaExceeded' } : faithful;
  });
  const answers = await askAll(model.url, ['too-many-sessions']);
  expect(seen(answers)['too-many-sessions']).toEqual({
    'session 4 at the same time': expect.stringMatching(/^1011 "You exceeded your current quota/),
  });
});

test.concurrent.for([
  ['sessions', { ...generous, sessions: 7 }, /^It needs 7 sessions, and 6 are left\.$/],
  ['money', { ...generous, dollars: 0.000_001 }, /^The service has billed/],
  ['time', { ...generous, minutes: 0.001 }, /left for it\.$|^The time is up\.$/],
] as const)('what there is no %s for is not asked', async ([, allowance, why], context) => {
  const model = await simulatedService(context, faithful);
  const answers = await askAll(model.url, ['first-turn', 'handles'], { allowance });
  expect(answers.at(-1)).toMatchObject({ outcome: 'skipped', why: expect.stringMatching(why) });
  expect(model.sessions.length).toBeLessThanOrEqual(1);
});

test.concurrent('the command writes a report and the frames, and no key', async (context) => {
  const model = await simulatedService(context, faithful);
  const folder = newFolder(context);
  const settings = { GEMINI_API_KEY: apiKey, GEMINI_BASE_URL: model.url };
  const { code, out, err } = await probe(settings, '--only', 'handles', '--out', folder);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('Questions: 1. They take 2 min at most, 7 sessions, about $0.0');
  const report = readFileSync(join(folder, 'report.md'), 'utf8');
  const frames = readFileSync(join(folder, 'frames', 'handles.jsonl'), 'utf8');
  expect(report).toContain('| after the close | taken | yes |');
  expect(report).toContain('**This was not Google’s service, so it proves nothing about it.**');
  expect(frames).toContain('"newHandle":"handle-1"');
  expect(frames).toContain('"close":{"code":1011');
  expect(
    frames
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toContainEqual(
    expect.objectContaining({
      session: 1,
      from: 'probe',
      message: expect.objectContaining({ setup: expect.anything() }),
    }),
  );
  for (const written of [report, frames, out]) {
    expect(written).not.toContain(apiKey);
    expect(written).not.toContain('127.0.0.1');
    expect(written).not.toContain('resumption-handle');
  }
});

test.concurrent('without --out the report is in the folder of the terminal, and told of as seen from there', async (context) => {
  const model = await simulatedService(context, faithful);
  const folder = newFolder(context);
  const settings = { GEMINI_API_KEY: apiKey, GEMINI_BASE_URL: model.url };
  const { code, out } = await runHere(probeCommand, ['--only', 'first-turn'], { settings, folder });
  const [stamp = ''] = readdirSync(join(folder, 'out', 'probe'));
  expect([code, readdirSync(join(folder, 'out', 'probe', stamp))]).toEqual([0, ['frames', 'report.md']]);
  expect(out).toContain(`\nout/probe/${stamp}/report.md says it all.\n`);
});

test('the docs list every question, in the order in which they are asked', () => {
  const page = readFileSync(new URL('../../../docs/probe.md', import.meta.url), 'utf8');
  const rows = allQuestions.map(({ id, asks, rules }) => `| \`${id}\` | ${asks} | ${rules.join(', ')} |`);
  expect(page).toContain(rows.join('\n'));
});

test.concurrent.for([
  ['the plan alone', {}, ['--plan'], 0, /Questions: 19. They take \d+ min at most, \d+ sessions, about \$\d/, /^$/],
  ['no key', {}, [], 1, /Questions: 19/, /^GEMINI_API_KEY is not set/],
  [
    'too dear',
    { GEMINI_API_KEY: apiKey },
    ['--dollars', '0.01'],
    1,
    /Questions: 19/,
    /^That may cost more than \$0\.01\./,
  ],
  [
    'a wrong number',
    {},
    ['--minutes', 'twelve'],
    2,
    /^$/,
    /^--minutes wants a number above 0 and up to 120, not "twelve"\./,
  ],
  [
    'an unknown question',
    {},
    ['--only', 'weather'],
    2,
    /^$/,
    /^There is no question named weather\. There are: going-away,/,
  ],
  ['an unknown option', {}, ['--fast'], 2, /^$/, /^Unknown option '--fast'\nUsage: npm run probe/],
  // Any other command ends so with 2.
  ['a wrong setting', { PORT: 'many' }, ['--plan'], 2, /^$/, /^PORT is "many"/],
] as const)('%s is told', async ([, settings, options, code, out, err]) => {
  const told = await probe(settings, ...options);
  expect(told.code).toBe(code);
  expect(told.out).toMatch(out);
  expect(told.err).toMatch(err);
});

function isClosed(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'close' in message;
}

function newFolder({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs the command with nothing but these settings in its environment. */
function probe(settings: Readonly<Record<string, string>>, ...options: readonly string[]) {
  return runHere(probeCommand, options, { settings });
}
