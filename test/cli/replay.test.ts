import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filterVersion } from '../../src/audio/filters.ts';
import { callSid, recordCall } from '../calllog/recorded-call.ts';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { runCli, runHere } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a call that is as recorded is told in two lines', async (context) => {
  const path = await recordCall(context);
  const { code, out, err } = runCli('replay', path);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^\d+ steps, 3\.6 s of call, replayed in \d+\.\d+ s: \d+ times faster than real time\.$/),
    'All invariants hold, and every effect is as recorded.',
    '',
  ]);
});

test('the first divergence is told in words, and only the invariants count with --invariants', async (context) => {
  const path = await recordCall(context);
  change(path, (text) => text.replace('{"type":"stream.clear"},', ''));
  const exact = await runHere(replayCommand, [path]);
  expect(exact.code).toBe(1);
  expect(exact.out.split('\n').slice(1, -1)).toEqual([
    expect.stringMatching(
      /^The replay leaves the record at line \d+, 3\.06 s into the call, when the model stopped because the caller spoke \(model\.interrupted\)\.$/,
    ),
    '  The recorded call ordered: note bargeIn, transcript.add.',
    '  This one orders: stream.clear, note bargeIn, transcript.add.',
    '  They part where the record has note bargeIn (a line in the log) and this one stream.clear (drop what the caller has not heard).',
  ]);
  const { code, out } = await runHere(replayCommand, ['--invariants', path]);
  expect(code).toBe(0);
  expect(out).toContain('All invariants hold.\n');
});

// npm run call keeps only sound in out/, and "name one of its .jsonl files" led nowhere.
test('a folder with the sound of a call alone leads to its CallSid', async (context) => {
  const folder = join(temporaryFolder(context, { [`${callSid}/call.wav`]: '' }), callSid);
  const refusal = { code: 2, err: `${folder} holds only the sound of a call; name the call alone: ${callSid}.\n` };
  expect(await runHere(replayCommand, [folder])).toMatchObject(refusal);
  expect(await runHere(inspectCommand, [folder])).toMatchObject(refusal);
});

test('a call is named by its CallSid where its log lies in RECORD_DIR, and what is not there is said so', async (context) => {
  const path = await recordCall(context);
  const settings = { RECORD_DIR: dirname(path) };
  expect(await runHere(replayCommand, [callSid], { settings })).toMatchObject({ code: 0, err: '' });
  expect(await runHere(replayCommand, [callSid])).toMatchObject({
    code: 2,
    err: `There is no call log of ${callSid}: calls leave one while RECORD_DIR is set.\n`,
  });
  expect(await runHere(replayCommand, ['no/such-call'])).toMatchObject({
    code: 2,
    err: 'no/such-call cannot be read: it does not exist.\n',
  });
});

test('a log with dropped audio is checked for the invariants only', async (context) => {
  const path = await recordCall(context);
  change(path, (text) => text.replace('"audio":{"at":0,', '"audio":{"at":null,'));
  const { code, out } = await runHere(replayCommand, [path]);
  expect(code).toBe(0);
  expect(out).toContain('Audio was dropped when this log was written, so only the invariants are checked.\n');
});

test('a log of a call with other filters is said to be so, and all but its sound is compared', async (context) => {
  const path = await recordCall(context);
  change(path, (text) =>
    text
      .replace(`"filters":${filterVersion},`, '"filters":0,')
      .replaceAll(/"fingerprint":"\w+"/g, '"fingerprint":"0badcafe"'),
  );
  const { code, out } = await runHere(replayCommand, [path]);
  expect(code).toBe(0);
  expect(out.split('\n').slice(1, -1)).toEqual([
    `This call had version 0 of the audio filters, and this Parley has version ${filterVersion}: its sound comes out differently, so of sound only the length is compared.`,
    'All invariants hold, and every effect but the sound is as recorded.',
  ]);
  change(path, (text) => text.replace('{"type":"stream.clear"},', ''));
  const other = await runHere(replayCommand, [path]);
  expect(other.code).toBe(1);
  expect(other.out).toContain('  This one orders: stream.clear, note bargeIn, transcript.add.');
});

test('a log of a call with a filler phrase that is not at hand is checked for the invariants only', async (context) => {
  const path = await recordCall(context);
  change(path, (text) =>
    text.replace('"settings":', '"fillerPhrase":"0badcafe","settings":').replace('{"type":"stream.clear"},', ''),
  );
  const { code, out } = await runHere(replayCommand, [path]);
  expect(code).toBe(0);
  expect(out).toContain(
    'This call had a filler phrase of its own, so only the invariants are checked. Set FILLER_PHRASE_FILE to that file to compare every effect.\n',
  );
  expect(out).toContain('All invariants hold.\n');
});

test('a broken invariant is told with its line', async (context) => {
  const path = await recordCall(context);
  change(path, (text) => text.replace('"type":"model.opened","atMs":40', '"type":"model.opened","atMs":3'));
  const { code, out } = await runHere(replayCommand, ['--invariants', path]);
  expect(code).toBe(1);
  expect(out).toContain('At line 5 an invariant breaks: time went back.\n');
});

test('a log that cannot be read is said in plain lines', async (context) => {
  const path = await recordCall(context);
  change(path, (text) => text.slice(0, -10));
  const cut = await runHere(replayCommand, [path]);
  expect(cut.code).toBe(2);
  expect(cut.err).toMatch(/\.jsonl, line \d+: the file is cut off in the middle of this line\.\n$/);

  const whole = await recordCall(context);
  renameSync(whole.replace('.jsonl', '.audio'), join(temporaryFolder(context), 'away'));
  const { code, err } = await runHere(replayCommand, [whole]);
  expect(code).toBe(2);
  expect(err).toMatch(/, line 6: its audio ends at byte 160, and the audio file has 0\.\nThere is no file .*\.audio/);

  const missing = await runHere(replayCommand, ['nowhere.jsonl']);
  expect(missing).toMatchObject({ code: 2, err: 'nowhere.jsonl cannot be read: it does not exist.\n' });
  const folder = temporaryFolder(context);
  expect(await runHere(replayCommand, [folder])).toMatchObject({
    code: 2,
    err: `${folder} holds no call.jsonl; name one of its .jsonl files, if it has any.\n`,
  });
  expect((await runHere(replayCommand, ['--exactly', whole])).err).toContain("Unknown option '--exactly'");
  expect(await runHere(replayCommand, [])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^Usage: npm run replay/),
  });
  for (const { err: text } of [cut, missing]) expect(text).not.toContain('    at ');
});

function change(path: string, rewrite: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const changed = rewrite(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}
