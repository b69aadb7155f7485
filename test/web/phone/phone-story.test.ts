import { expect, test } from 'vitest';
import type { PhoneNews } from '../../../src/console/phone/phone-news.ts';
import { newStory, type PhoneStory, silenceWords, withNews } from '../../../web/phone/phone-story.ts';

test('captions grow while somebody speaks, and what was said takes their place', () => {
  const story = told([
    { type: 'caption', speaker: 'agent', text: 'Hello, ' },
    { type: 'caption', speaker: 'caller', text: 'Hi.' },
    { type: 'caption', speaker: 'agent', text: 'this is Parley.' },
  ]);
  expect(textsOf(story)).toEqual(['agent …: Hello, this is Parley.', 'caller …: Hi.']);
  const later = told(
    [
      { type: 'said', speaker: 'agent', text: 'Hello, this', cut: true },
      { type: 'caption', speaker: 'agent', text: 'Yes?' },
      { type: 'said', speaker: 'caller', text: 'Hi.', cut: false },
    ],
    story,
  );
  expect(textsOf(later)).toEqual(['agent cut: Hello, this', 'caller: Hi.', 'agent …: Yes?']);
});

test('a call that is over without a word promises none', () => {
  expect(silenceWords(newStory)).toBe('Nothing has been said yet.');
  const over = told([{ type: 'state', state: { phase: 'over', why: 'You hung up.', went: 'well' } }]);
  expect(silenceWords(over)).toBe('Nothing was said.');
});

test('what came of the next reply stays when the one before it was heard', () => {
  const story = told([
    { type: 'caption', speaker: 'agent', text: 'One. Two.' },
    { type: 'caption', speaker: 'agent', text: 'Your parcel was' },
    { type: 'said', speaker: 'agent', text: 'One. Two.', cut: false },
    { type: 'caption', speaker: 'agent', text: ' sent.' },
  ]);
  expect(textsOf(story)).toEqual(['agent: One. Two.', 'agent …: Your parcel was sent.']);
});

test('a call that is over shows what was heard, and no words that come later', () => {
  const over: PhoneNews = { type: 'state', state: { phase: 'over', why: 'You hung up.', went: 'well' } };
  const story = told([
    { type: 'caption', speaker: 'agent', text: 'I have found an entry.' },
    { type: 'caption', speaker: 'caller', text: 'Never mind' },
    over,
    { type: 'said', speaker: 'agent', text: 'I have found', cut: true },
    { type: 'caption', speaker: 'agent', text: 'you' },
    { type: 'recorded' },
  ]);
  expect(textsOf(story)).toEqual(['agent cut: I have found']);
});

test('a tool keeps its line from its start to its end', () => {
  const story = told([
    { type: 'tool', id: '1', name: 'look_up', what: '{"order":1}', state: 'runs' },
    { type: 'event', text: 'Now support would ring.' },
    { type: 'tool', id: '1', name: 'tool', what: '{"status":"found"}', state: 'done' },
  ]);
  expect(story.lines).toEqual([
    { kind: 'tool', id: '1', name: 'look_up', what: '{"order":1} → {"status":"found"}', state: 'done' },
    { kind: 'event', text: 'Now support would ring.' },
  ]);
});

test('a story does not grow for ever, and knows how the call ended', () => {
  const story = told([
    ...Array.from({ length: 500 }, (_, at): PhoneNews => ({ type: 'event', text: String(at) })),
    { type: 'pictures', taken: 3, refusal: null },
    { type: 'clear' },
    { type: 'state', state: { phase: 'over', why: 'You hung up.', went: 'well' } },
    { type: 'recorded' },
  ]);
  expect(story.lines).toHaveLength(400);
  expect(story.lines[0]).toEqual({ kind: 'event', text: '100' });
  expect(story).toMatchObject({ state: { why: 'You hung up.' }, picturesTaken: 3, isRecorded: true });
});

function told(news: readonly PhoneNews[], story = newStory): PhoneStory {
  return news.reduce(withNews, story);
}

function textsOf({ lines }: PhoneStory): string[] {
  return lines.map((line) =>
    line.kind === 'words' ? `${line.speaker}${line.isOpen ? ' …' : ''}${line.isCut ? ' cut' : ''}: ${line.text}` : '',
  );
}
