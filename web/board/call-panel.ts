import { Component, type ComponentChild, h } from 'preact';
import type { LiveCall, LiveCallView } from '../../src/console/live/picture/live-call.ts';
import { agentText } from '../../src/store/history/agent-words.ts';
import { callerText } from '../../src/store/history/caller-words.ts';
import { whyRefusedAt } from '../shared/ask.ts';
import { followEvents } from '../shared/events.ts';
import { clockTime } from '../../src/store/history/clock-time.ts';
import { costText, timeOfDay } from '../shared/formats.ts';
import { emptyNote, loadingNote, problemNote } from '../shared/notices.ts';
import { changedView } from './board-state.ts';
import { healthMark, speaksMark } from './calls-table.ts';
import { ConversationLog } from './conversation-log.ts';
import { FollowedProcess } from './followed-process.ts';
import { Listen } from './listen.ts';
import { Orders } from './orders.ts';
import { wholeCallLink } from '../shared/whole-call-link.ts';
import { waitBars } from './waits.ts';
import { liveOutcomeText, stageWords } from './words.ts';

interface PanelProps {
  readonly callSid: string;
  /** The instance that has the call, if the board tells of several. */
  readonly process: string | null;
  /** By the clock of the service, in Unix time in ms. */
  readonly nowMs: number;
}

interface PanelState {
  readonly view: LiveCallView | null;
  readonly isLost: boolean;
  /** Why nothing is told of the call, in words. */
  readonly trouble: string | null;
}

/** One live call, opened. */
export class CallPanel extends Component<PanelProps, PanelState> {
  override state: PanelState = { view: null, isLost: false, trouble: null };
  #stop: () => void = () => {};
  readonly #followed = new FollowedProcess(this.props.process);

  override componentDidMount(): void {
    this.#follow();
  }

  /** A call that has moved to another process is told of by that one. */
  override componentDidUpdate(): void {
    if (!this.#followed.moves(this.props.process)) return;
    this.#stop();
    this.#follow();
  }

  override componentWillUnmount(): void {
    this.#stop();
  }

  override render(): ComponentChild {
    return h('div', { class: 'opened' }, [h('a', { class: 'back', href: '#' }, '← Calls now'), this.#content()]);
  }

  #content(): ComponentChild {
    const { view, isLost, trouble } = this.state;
    const { callSid, process, nowMs } = this.props;
    if (view === null) {
      if (!isLost) return loadingNote('Loading the call');
      return trouble === null ? goneNote(callSid) : problemNote(trouble);
    }
    const isLive = view.call.end === null;
    return h('div', {}, [
      h('h1', {}, `Call from ${callerText(view.call)}`),
      isLost && isLive ? problemNote(trouble ?? 'The connection was lost. Trying again …') : null,
      isLive ? null : overNote(view.call),
      facts({ ...view.call, process }, nowMs),
      h('div', { class: isLive ? 'columns' : '' }, [
        h('section', { 'aria-labelledby': 'said' }, [
          h('h2', { id: 'said' }, 'Conversation'),
          h(ConversationLog, view),
        ]),
        isLive ? h('div', {}, [h(Listen, { callSid }), h(Orders, { callSid, destinations: view.destinations })]) : null,
      ]),
    ]);
  }

  #follow(): void {
    const path = `/api/live/${encodeURIComponent(this.props.callSid)}/events`;
    this.#stop = followEvents(path, {
      on: {
        all: (view: LiveCallView) => this.setState({ view, isLost: false, trouble: null }),
        change: (change: LiveCallView) => this.#change(change),
      },
      onState: (state) => {
        this.setState({ isLost: state === 'lost' });
        if (state === 'lost') void whyRefusedAt(path).then((trouble) => this.setState({ trouble }));
      },
    });
  }

  /** Nothing more comes of a call that is over. */
  #change(change: LiveCallView): void {
    this.setState(({ view }) => ({ view: view === null ? change : changedView(view, change) }));
    if (change.call.end !== null) this.#stop();
  }
}

function facts(call: LiveCall, nowMs: number): ComponentChild {
  const { agent, to, process, startedAtMs, stage, end, waitsMs, worstWaitMs } = call;
  return h('dl', { class: 'facts' }, [
    fact('Agent', to === null ? agentText(agent) : `${agentText(agent)}, ${to}`),
    process === null ? null : fact('Process', process),
    fact('Since', `${timeOfDay(startedAtMs)}, ${clockTime((end?.atMs ?? nowMs) - startedAtMs)}`),
    fact('Now', [stageWords[stage], ' ', end === null ? speaksMark(call) : null]),
    fact('Waits', waitBars(waitsMs, worstWaitMs)),
    fact('Model', healthMark(call)),
    fact('Cost', costText(call)),
  ]);
}

function fact(name: string, value: ComponentChild): ComponentChild {
  return h('div', {}, [h('dt', { class: 'soft' }, name), h('dd', {}, value)]);
}

function overNote({ callSid, end }: LiveCall): ComponentChild {
  return h('p', { class: 'card', role: 'status' }, [
    end === null ? '' : `The call is over: ${liveOutcomeText(end.outcome)}. `,
    wholeCallLink(callSid, 'See the whole call'),
  ]);
}

function goneNote(callSid: string): ComponentChild {
  return emptyNote(
    h('p', {}, 'This call is over, or there never was one.'),
    h('p', {}, wholeCallLink(callSid, 'See what is known of it')),
  );
}
