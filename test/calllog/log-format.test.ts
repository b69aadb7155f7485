import { expect, test } from 'vitest';
import type { Note } from '../../src/call/effects.ts';
import { greetingRequest, lineDropped } from '../../src/call/talk/prompts.ts';
import { effectRecords } from '../../src/calllog/log-format.ts';

test('a prompt is written by its name, without its words', () => {
  const text = `${greetingRequest('Hello.').text}\n${lineDropped.text}`;
  const records = effectRecords([{ type: 'model.sendText', prompts: ['greeting', 'lineDropped'], text }]);
  expect(records).toEqual([{ type: 'model.sendText', prompts: ['greeting', 'lineDropped'] }]);
});

test('notes for debugging are left out', () => {
  const notes = (['debug', 'info', 'warn'] as const).map((level): Note => ({
    type: 'note',
    level,
    name: 'n',
    fields: {},
  }));
  expect(effectRecords(notes)).toEqual(notes.slice(1));
});
