import { expect, test } from 'vitest';
import { Call } from '../../../src/call/call.ts';
import { Story } from '../../../src/calllog/story.ts';
import { readLogFiles } from '../../../src/cli/replay/files.ts';
import { recordedComfortPrints } from '../../../src/console/recording/recorded-sounds.ts';
import { CallWaits } from '../../../src/calllog/story/call-waits.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

test.for(['lookup', 'no-answer-until-fresh', 'tool-outlives-session', 'marks-lost-mid-call'])(
  'the waits of a live call are those that its story tells: %s',
  (name) => {
    const { header, steps } = readLogFiles(`fixtures/calls/${name}`);
    const call = new Call(header.settings, standardAudioPath);
    const story = new Story(mulawCodec, recordedComfortPrints(header));
    const waits = new CallWaits(standardAudioPath);
    for (const { event, effects } of steps) {
      story.take(event, effects);
      waits.write(event, call.handle(event));
    }
    const told = story.waitsMs.toSorted((a, b) => a - b);
    expect(told.length).toBeGreaterThan(0);
    expect(waits.figures).toEqual({
      count: told.length,
      medianMs: told[Math.floor(told.length / 2)],
      maxMs: told.at(-1),
    });
  },
);

test('an answer is measured also after marks that never came back', () => {
  const { header, steps } = readLogFiles('fixtures/calls/marks-lost-mid-call');
  const call = new Call(header.settings, standardAudioPath);
  const waits = new CallWaits(standardAudioPath);
  for (const { event } of steps) waits.write(event, call.handle(event));
  expect(waits.figures?.count).toBe(2);
});

test('a caller who has had no answer yet waits since the last word', () => {
  const { header, steps } = readLogFiles('fixtures/calls/no-answer-ever');
  const call = new Call(header.settings, standardAudioPath);
  const waits = new CallWaits(standardAudioPath);
  expect(waits.waitedMs(0)).toBeNull();
  for (const { event } of steps) waits.write(event, call.handle(event));
  const endMs = steps.at(-1)?.event.atMs ?? 0;
  expect(waits.waitedMs(endMs)).toBeGreaterThan(3_000);
});
