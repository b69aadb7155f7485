import { expect, test } from 'vitest';
import { Call } from '../../../src/call/call.ts';
import { stateOfEnd } from '../../../src/console/phone/network-words.ts';
import { NewsObserver } from '../../../src/console/phone/news-observer.ts';
import type { PhoneNews } from '../../../src/console/phone/phone-news.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { recordedFixture } from '../../calllog/recorded-fixture.ts';

/**
 * The caller spoke over the agent, whose line was cut. The model learned of it late and sent the rest of its words, and the page showed
 * them as a line of their own, which nobody had heard.
 */
test('words of a turn that was stopped are not told', () => {
  const news = newsOf('cut-turn-goes-on');
  const cutAt = news.findIndex((one) => one.type === 'said' && one.cut);
  expect(news[cutAt]).toMatchObject({ speaker: 'agent', text: 'These are' });
  const next = news.slice(cutAt).find((one) => one.type === 'caption' && one.speaker === 'agent');
  // The first words of the next reply.
  expect(next).toMatchObject({ text: 'These are ' });
});

test('a message that is left because nobody is there at this hour is told, and nothing is wrong', () => {
  const { news, observer } = told('after-hours');
  expect(news).toContainEqual({
    type: 'event',
    text: 'The agent lets you leave a message, when it has finished speaking.',
  });
  expect(stateOfEnd('hangupVerb', observer)).toEqual({ phase: 'over', went: 'well', why: 'You left a message.' });
});

test('a message that is left because the agent could not go on is told as what it is', () => {
  const { news, observer } = told('voicemail');
  expect(news).toContainEqual({ type: 'event', text: 'The agent cannot go on.' });
  expect(stateOfEnd('hangupVerb', observer)).toMatchObject({ went: 'wrong' });
});

function newsOf(name: string): PhoneNews[] {
  return told(name).news;
}

function told(name: string): { readonly news: PhoneNews[]; readonly observer: NewsObserver } {
  const { header, steps } = recordedFixture(name);
  const call = new Call(header.settings, standardAudioPath);
  const news: PhoneNews[] = [];
  const observer = new NewsObserver((one) => void news.push(one));
  for (const { event } of steps) observer.write(event, call.handle(event));
  return { news, observer };
}
