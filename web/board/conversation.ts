import { type ComponentChild, h } from 'preact';
import type { LiveCallView, LiveItem } from '../../src/console/live/picture/live-call.ts';
import { clockTime, waitTime } from '../shared/formats.ts';
import { emptyNote } from '../shared/notices.ts';

/** What was said, done and happened on a call, the newest last. */
export function conversation({ items, forgotten }: LiveCallView): ComponentChild {
  if (items.length === 0) return emptyNote(h('p', {}, 'Nothing was said yet.'));
  return h('div', { role: 'log', 'aria-labelledby': 'said' }, [
    forgotten === 0 ? null : h('p', { class: 'soft' }, `What came before is not kept here: ${forgotten} lines.`),
    h(
      'ol',
      { class: 'conversation' },
      items.map((item) => h('li', { key: item.id, class: `item ${item.kind}` }, [time(item), content(item)])),
    ),
  ]);
}

function time({ atMs }: LiveItem): ComponentChild {
  return h('time', { class: 'soft' }, clockTime(atMs));
}

function content(item: LiveItem): ComponentChild {
  switch (item.kind) {
    case 'words':
      return said(item);
    case 'tool':
      return tool(item);
    case 'news':
      return h('span', { class: item.isTrouble ? 'bad' : 'soft' }, item.text);
  }
}

function said({ speaker, text, state, waitMs }: Extract<LiveItem, { kind: 'words' }>): ComponentChild {
  return h('div', { class: `said ${state}` }, [
    h('span', { class: `who ${speaker}` }, speaker === 'caller' ? 'Caller' : 'Agent'),
    waitMs === null ? null : h('span', { class: 'soft' }, ` after ${waitTime(waitMs)}`),
    h('p', {}, [text, state === 'open' ? h('span', { class: 'soft' }, ' …') : null]),
    state === 'cut' ? h('span', { class: 'soft' }, 'The caller spoke, and heard no more of it.') : null,
  ]);
}

function tool({ name, args, state, tookMs, answer }: Extract<LiveItem, { kind: 'tool' }>): ComponentChild {
  const took = tookMs === null ? '' : ` after ${waitTime(tookMs)}`;
  const words = {
    running: 'runs',
    answered: `answered${took}`,
    failed: `failed${took}`,
    stopped: `was stopped${took}`,
  };
  const tone = state === 'failed' || state === 'stopped' ? 'bad' : 'soft';
  return h('div', {}, [
    h('strong', {}, name),
    h('span', { class: tone }, ` ${words[state]}`),
    h('code', {}, args),
    answer === '' ? null : h('code', {}, answer),
  ]);
}
