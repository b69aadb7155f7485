import { describe, expect, test } from 'vitest';
import { Memory, type MemoryItem } from '../../../src/call/talk/memory.ts';

describe('the recap of a call', () => {
  test('is nothing before anything has happened', () => {
    expect(new Memory().recap(null)).toBeNull();
    expect(new Memory().supplement(null, 0)).toBeNull();
  });

  test('tells who said what, what was cut off, and what tools found out, in order', () => {
    const memory = new Memory();
    memory.add(said(1000, 'Hello.', 'agent'));
    memory.add(said(2000, 'Where is order seven?', 'caller'));
    const call = { name: 'lookup_record', args: { order: 7 } };
    memory.add({ kind: 'tool', atMs: 3000, call, response: { state: 'sent' } });
    memory.add({ ...said(4000, 'It is on', 'agent'), cut: true });
    expect(memory.recap(null)?.split('\n')).toEqual([
      'You: Hello.',
      'Caller: Where is order seven?',
      'Tool lookup_record {"order":7}: {"state":"sent"}',
      'You: It is on (the caller heard no more of this)',
    ]);
  });

  test('tells a note of an operator in full', () => {
    const memory = new Memory();
    const text = `Offer no refund. ${'x'.repeat(1_900)}`;
    memory.add({ kind: 'noted', atMs: 1, text });
    expect(memory.recap(null)).toBe(`Note from your supervisor, which the caller does not hear: ${text}`);
  });

  test('ends with what is being said', () => {
    const memory = new Memory();
    memory.add(said(1000, 'Hello.', 'agent'));
    expect(memory.recap(said(2000, 'It is on', 'agent'))).toBe('You: Hello.\nYou: It is on');
  });

  test('is the whole of a call of half an hour', () => {
    const memory = new Memory();
    for (let index = 0; index < 180; index += 1) memory.add(said(index, `line ${index} ${'x'.repeat(70)}`));
    expect(memory.recap(null)?.split('\n')).toHaveLength(180);
  });

  test('keeps the beginning and as much of the end as fits of a longer one, and says so', () => {
    const memory = new Memory();
    for (let index = 0; index < 400; index += 1) memory.add(said(index, `line ${index} ${'x'.repeat(90)}`));
    const recap = memory.recap(null) ?? '';
    const lines = recap.split('\n').map((line) => line.replaceAll(/ x+$/g, ''));
    expect(lines.slice(22, 25)).toEqual([
      'Caller: line 22',
      'Caller: line 23',
      '(Here a part of the call is left out.)',
    ]);
    expect(lines.slice(25)).toEqual(Array.from({ length: 124 }, (_, index) => `Caller: line ${276 + index}`));
    expect(recap.length).toBeLessThan(16_050);
  });

  test('keeps the beginning and the end even of endless lines', () => {
    const memory = new Memory();
    for (let index = 0; index < 100; index += 1) memory.add(said(index, `line ${index} ${'x'.repeat(1000)}`));
    const lines = memory.recap(null)?.split('\n') ?? [];
    expect(lines.map((line) => line.split(' ')[2])).toEqual([
      ...Array.from({ length: 24 }, (_, index) => `${index}`),
      'part',
      ...Array.from({ length: 40 }, (_, index) => `${60 + index}`),
    ]);
  });

  test('shortens what is long', () => {
    const memory = new Memory();
    memory.add(said(0, 'x'.repeat(10_000)));
    memory.add({ kind: 'tool', atMs: 1, call: { name: 't', args: {} }, response: { text: 'y'.repeat(10_000) } });
    expect(memory.recap(null)?.length).toBeLessThan(900);
  });
});

describe('what a resumed session is told', () => {
  test('is what came after its handle, and nothing that the handle covers', () => {
    const memory = new Memory();
    memory.add(said(1000, 'before'));
    memory.covered(2000);
    expect(memory.supplement(null, 3000)).toBeNull();
    memory.add(said(2500, 'after'));
    expect(memory.supplement(null, 3000)).toBe('Caller: after');
    expect(memory.recap(null)).toBe('Caller: before\nCaller: after');
  });

  test('is what is being said, unless the handle covers that', () => {
    const memory = new Memory();
    memory.covered(2000);
    expect(memory.supplement(said(1500, 'covered', 'agent'), 3000)).toBeNull();
    expect(memory.supplement(said(2500, 'unheard of', 'agent'), 3000)).toBe('You: unheard of');
  });

  // An instruction replaces the one before. A session that was told the order's number in its own instruction was resumed by its own handle,
  // which covered everything since, and did not know the number any more.
  test('is again what an earlier session was told by its instruction', () => {
    const memory = new Memory();
    memory.add(said(1000, 'It is order A1042.'));
    expect(memory.recap(null)).toBe('Caller: It is order A1042.');
    memory.add(said(3000, 'Thank you.'));
    memory.covered(4000);
    expect(memory.supplement(null, 5000)).toBe('Caller: It is order A1042.');
  });

  test('is also the beginning of a long call, which the model may have forgotten', () => {
    const memory = new Memory();
    memory.add(said(1000, 'My name is Ann.'));
    memory.covered(200_000);
    expect(memory.supplement(null, 150_000)).toBeNull();
    expect(memory.supplement(null, 152_000)).toBe('Caller: My name is Ann.');
  });

  test('is the middle of a long call too, but not its last minutes', () => {
    const memory = new Memory();
    for (let index = 0; index < 100; index += 1) memory.add(said(index * 10_000, `line ${index}`));
    memory.covered(1_000_000);
    const lines = memory.supplement(null, 1_000_000)?.split('\n') ?? [];
    expect(lines).toEqual(Array.from({ length: 85 }, (_, index) => `Caller: line ${index}`));
  });

  test('is everything when there was no handle', () => {
    const memory = new Memory();
    memory.add(said(1000, 'one'));
    expect(memory.supplement(null, 500_000)).toBe('Caller: one');
  });
});

function said(atMs: number, text: string, speaker: 'caller' | 'agent' = 'caller'): MemoryItem & { kind: 'said' } {
  return { kind: 'said', atMs, speaker, text, cut: false };
}

test('a memory keeps what it tells of an item, and nothing more of it', () => {
  const memory = new Memory();
  const response = { rows: ['first'] };
  memory.add({ kind: 'tool', atMs: 1, call: { name: 't', args: {} }, response });
  response.rows.push('added later');
  expect(memory.recap(null)).toBe('Tool t {}: {"rows":["first"]}');
});
