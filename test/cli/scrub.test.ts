import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordCall, streamSid } from '../calllog/recorded-call.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { scrubCommand } from '../../src/cli/scrub.ts';
import { runHere } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const why = ['--why', 'A barge-in cuts the agent off.'];

test('a log becomes a fixture that replays exactly, and the report says what was done', async (context) => {
  const folder = join(temporaryFolder(context), 'barge-in');
  const { code, out, err } = await runHere(scrubCommand, [await recordCall(context), folder, ...why]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/call\.jsonl and .*call\.audio hold the call: \d+ steps, 3\.\d\d s\.$/),
    'The call orders the same as before, but for the words.',
    expect.stringMatching(/^The canary looked for \d+ words, numbers and ids of the original: none is left\.$/),
    'The voices are synthetic: when somebody speaks can be heard, and not what is said.',
    '',
  ]);
  expect(readdirSync(folder)).toEqual(['call.audio', 'call.jsonl']);
  expect((await runHere(replayCommand, [join(folder, 'call.jsonl')])).code).toBe(0);
});

test('a known number is a leak, even in the reason: nothing is written', async (context) => {
  const folder = join(temporaryFolder(context), 'leak');
  const { code, out, err } = await runHere(scrubCommand, [
    await recordCall(context),
    folder,
    '--why',
    'The call of +15558675309.',
  ]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe('Nothing is written, because something of the original was left:\n  line 1: 15558675309\n');
  expect(existsSync(folder)).toBe(false);
});

test('what the call orders otherwise than before is reported', async (context) => {
  const path = await recordCall(context);
  const folder = temporaryFolder(context);
  const log = readFileSync(path, 'utf8');
  writeFileSync(path, log.replace('{"type":"stream.clear"},', ''));
  const { code, out } = await runHere(scrubCommand, [path, folder, '--keep-audio', ...why]);
  expect(code).toBe(0);
  expect(out).toContain('Beyond words, the call orders something else than before at 1 of its steps:\n');
  expect(out).toMatch(
    / {2}line \d+, 3\.06 s, on model\.interrupted: note bargeIn, transcript\.add before, stream\.clear, note bargeIn, transcript\.add here\n/,
  );
  expect(out).toContain('The voices were kept: whoever has the files can hear them.\n');
});

test('a call that is too long for a fixture is said to be, and --until cuts it', async (context) => {
  const path = await recordCall(context, (call) => {
    call.happens({ type: 'call.received' }, { type: 'stream.started', streamSid }, { type: 'model.opened' });
    call.callerSends(21_000, 'silence');
  });
  const [long, cut] = [temporaryFolder(context), temporaryFolder(context)];
  const tooLong = 'That is too long for fixtures/calls, where npm test takes at most 20 s: cut it with --until.\n';
  expect((await runHere(scrubCommand, [path, long, ...why])).out).toContain(tooLong);
  const { code, out } = await runHere(scrubCommand, [path, cut, '--until', '19.9', ...why]);
  expect(code).toBe(0);
  expect(out).not.toContain(tooLong);
  expect(out).toMatch(/hold the call: \d+ steps, 19\.90 s\.\n/);
  expect((await runHere(replayCommand, [join(cut, 'call.jsonl')])).code).toBe(0);
  const wrong = await runHere(scrubCommand, [path, temporaryFolder(context), '--until', 'soon', ...why]);
  expect(wrong).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^--until wants seconds, such as 12\.5, and not "soon"\.\n/),
  });
});

test('what is missing or in the way is said, and nothing is written', async (context) => {
  const path = await recordCall(context);
  const folder = temporaryFolder(context);
  expect(await runHere(scrubCommand, [path])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^Usage: npm run scrub/),
  });
  for (const reason of [[], ['--why', 'Two\nlines, which are no one sentence.'], ['--why', 'Too short.']]) {
    const { code, err } = await runHere(scrubCommand, [path, folder, ...reason]);
    expect(code).toBe(2);
    expect(err).toMatch(/^--why wants one sentence of 20 to 150 characters/);
  }
  expect(readdirSync(folder)).toEqual([]);
  expect((await runHere(scrubCommand, [path, folder, ...why])).code).toBe(0);
  const again = await runHere(scrubCommand, [path, folder, ...why]);
  expect(again.code).toBe(2);
  expect(again.err).toMatch(/call\.jsonl is there already, and nothing is written over it\.\n$/);
});

test('a folder that cannot be made is said in a line', async (context) => {
  const path = await recordCall(context);
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  for (const [folder, code] of [
    [file, 'EEXIST'],
    [join(file, 'x'), 'ENOTDIR'],
  ] as const) {
    const err = `Nothing can be written into the folder ${folder} (${code}).\n`;
    expect(await runHere(scrubCommand, [path, folder, ...why])).toEqual({ code: 2, out: '', err });
  }
});
