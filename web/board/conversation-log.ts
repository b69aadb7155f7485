import { Component, type ComponentChild, createRef, h } from 'preact';
import type { LiveCallView, LiveItem } from '../../src/console/live/picture/live-call.ts';
import { clockTime } from '../../src/store/history/clock-time.ts';
import { waitTime } from '../shared/formats.ts';
import { emptyNote } from '../shared/notices.ts';

/** Whoever has scrolled up so far reads, and is not taken to the end. */
const nearEndPx = 40;

/** What was said, done and happened on a call, the newest last. It stays at its end unless somebody reads further up. */
export class ConversationLog extends Component<LiveCallView> {
  readonly #place = createRef<HTMLDivElement>();
  #isAtEnd = true;

  override componentDidMount(): void {
    this.#follow();
  }

  override componentDidUpdate(): void {
    this.#follow();
  }

  override render(): ComponentChild {
    const { items, forgotten } = this.props;
    if (items.length === 0) return emptyNote(h('p', {}, 'Nothing was said yet.'));
    const onScroll = (): void => this.#scrolled();
    return h(
      'div',
      { ref: this.#place, class: 'said', role: 'log', 'aria-labelledby': 'said', tabIndex: 0, onScroll },
      [
        forgotten === 0 ? null : h('p', { class: 'soft' }, `What came before is not kept here: ${forgotten} lines.`),
        h(
          'ol',
          { class: 'conversation' },
          items.map((item) => h('li', { key: item.id, class: `item ${item.kind}` }, [time(item), content(item)])),
        ),
      ],
    );
  }

  #scrolled(): void {
    const place = this.#place.current;
    if (place !== null) this.#isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < nearEndPx;
  }

  #follow(): void {
    const place = this.#place.current;
    if (place !== null && this.#isAtEnd) place.scrollTop = place.scrollHeight;
  }
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
  return h('div', { class: state }, [
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
