import { type ComponentChild, h } from 'preact';
import { emptyNote } from '../shared/notices.ts';
import { type PhoneStory, type PhoneStoryLine, silenceWords } from './phone-story.ts';

const toolStates = { runs: 'works …', done: 'done', failed: 'failed' } as const;

/** What both sides say and what the agent does, the last of it at the bottom. */
export function storyView(story: PhoneStory | null): ComponentChild {
  const lines = story?.lines ?? [];
  return h('section', { class: 'card', 'aria-label': 'Conversation' }, [
    h('h2', { class: 'phone-first' }, 'Conversation'),
    lines.length === 0
      ? emptyNote(silenceWords(story))
      : h(
          'div',
          { class: 'phone-story', role: 'log', 'aria-live': 'polite', ref: scrollToEnd, tabIndex: 0 },
          lines.map(lineView),
        ),
  ]);
}

function lineView(line: PhoneStoryLine): ComponentChild {
  switch (line.kind) {
    case 'words':
      return h('p', { class: `phone-${line.speaker}-words${line.isOpen ? ' phone-open' : ''}` }, [
        h('b', {}, line.speaker === 'caller' ? 'You' : 'Agent'),
        ' ',
        h('span', { dir: 'auto' }, line.text),
        line.isCut ? h('span', { class: 'soft' }, ' (cut short)') : null,
      ]);
    case 'tool':
      return h('p', { class: `phone-tool${line.state === 'failed' ? ' bad' : ''}` }, [
        h('b', {}, `${line.name}: ${toolStates[line.state]}`),
        ' ',
        h('code', {}, line.what),
      ]);
    case 'event':
      return h('p', { class: 'phone-event soft' }, line.text);
  }
}

function scrollToEnd(list: Element | null): void {
  if (list !== null) list.scrollTop = list.scrollHeight;
}
