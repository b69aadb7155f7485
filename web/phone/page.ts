import { Component, type ComponentChild, h } from 'preact';
import type { PhoneSetup } from '../../src/console/phone/phone-news.ts';
import { AskError, getJson } from '../shared/ask.ts';
import { loadingNote, problemNote, showPage } from '../shared/notices.ts';
import { wholeCallLink } from '../shared/whole-call-link.ts';
import { aboutAgent, aboutCalls } from './about-calls.ts';
import { CallControls, type Switches } from './call-controls.ts';
import { type PhoneCallListener, type CallOrder, PhonePageCall } from './phone-call.ts';
import { newStory, type PhoneStory } from './phone-story.ts';
import { QualityView } from './quality-view.ts';
import { ShowView } from './show-view.ts';
import { SoundProblem } from './sound/microphone.ts';
import { storyView } from './story-view.ts';

/** What goes on: no call, one that is being placed, one that was placed. */
type Line =
  | { readonly kind: 'free' }
  | { readonly kind: 'placing' }
  | { readonly kind: 'call'; readonly call: PhonePageCall; readonly isConnected: boolean };

interface Seen {
  readonly setup: PhoneSetup | null;
  readonly line: Line;
  readonly story: PhoneStory | null;
  readonly trouble: string | null;
  readonly agent: string;
  readonly switches: Switches;
  readonly shown: MediaStream | null;
  readonly startedAtMs: number | null;
}

const allOff: Switches = { isMuted: false, isLineBad: false };

/** A telephone in the browser: its line is the same as that of the telephone network. */
class PhonePage extends Component<object, Seen> {
  override state: Seen = {
    setup: null,
    line: { kind: 'free' },
    story: null,
    trouble: null,
    agent: '',
    switches: allOff,
    shown: null,
    startedAtMs: null,
  };

  override componentDidMount(): void {
    void this.#load();
    window.addEventListener('keydown', this.#onKey);
  }

  override componentWillUnmount(): void {
    window.removeEventListener('keydown', this.#onKey);
  }

  override render(): ComponentChild {
    const { setup, trouble } = this.state;
    return h('div', { class: 'phone' }, [
      h('h1', {}, 'Browser phone'),
      trouble === null ? null : problemNote(trouble),
      setup === null ? (trouble === null ? loadingNote('Loading') : null) : this.#renderPhone(setup),
    ]);
  }

  #renderPhone(setup: PhoneSetup): ComponentChild {
    const { line, story, agent, switches, shown, startedAtMs } = this.state;
    const call = line.kind === 'call' ? line.call : null;
    const isLive = call !== null && story?.state.phase !== 'over';
    const chosen = setup.agents.find(({ id }) => id === agent);
    return [
      chosen === undefined ? null : aboutAgent(chosen),
      h('div', { class: 'phone-columns' }, [
        h(CallControls, {
          agents: setup.agents,
          agent,
          call: isLive ? call : null,
          isPlacing: line.kind === 'placing',
          status: statusOf(this.state),
          startedAtMs,
          switches,
          onAgent: (id: string) => this.setState({ agent: id }),
          onCall: (microphone: CallOrder['microphone']) => void this.#call(microphone),
          onSwitch: (changed: Switches) => this.#switch(changed),
        }),
        h('div', { class: 'phone-said' }, [
          storyView(story),
          story?.isRecorded === true && call !== null ? recordingLink(call.callSid) : null,
          story?.state.phase === 'over' && call !== null
            ? h('p', {}, wholeCallLink(call.callSid, 'See the whole call'))
            : null,
        ]),
        h(ShowView, {
          call: isLive ? call : null,
          shown,
          story,
          pictures: chosen?.pictures ?? 'refused',
          onTrouble: this.#fail,
        }),
      ]),
      h(QualityView, { call }),
      chosen === undefined ? null : aboutCalls(chosen, setup.callMinutesMax),
    ];
  }

  async #load(): Promise<void> {
    try {
      const setup = await getJson<PhoneSetup>('/api/phone');
      this.setState({ setup, agent: setup.agents[0]?.id ?? '', trouble: null });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #call(microphone: CallOrder['microphone']): Promise<void> {
    this.setState({ line: { kind: 'placing' }, story: null, trouble: null, switches: allOff, startedAtMs: null });
    try {
      const call = await PhonePageCall.place({ agent: this.state.agent, microphone }, this.#listener());
      this.setState({ line: { kind: 'call', call, isConnected: false }, story: newStory });
    } catch (error) {
      this.setState({ line: { kind: 'free' } });
      this.#fail(error);
    }
  }

  #listener(): PhoneCallListener {
    return {
      onStory: (story) => {
        const isTalking = story.state.phase === 'talking';
        this.setState(({ startedAtMs }) => ({
          story,
          startedAtMs: startedAtMs ?? (isTalking ? performance.now() : null),
          trouble: story.state.phase === 'over' && story.state.went === 'wrong' ? story.state.why : null,
        }));
      },
      onConnected: (isConnected) =>
        this.setState(({ line }) => ({ line: line.kind === 'call' ? { ...line, isConnected } : line })),
      onGone: (words) => {
        if (words === null) return;
        const state = { phase: 'over', why: words, went: 'wrong' } as const;
        this.setState(({ story }) => ({ story: { ...(story ?? newStory), state }, trouble: words }));
      },
      onPictures: (shown) => this.setState({ shown }),
    };
  }

  #switch(switches: Switches): void {
    const { line } = this.state;
    if (line.kind !== 'call') return;
    line.call.mute(switches.isMuted);
    line.call.ask({ type: 'line', isBad: switches.isLineBad });
    this.setState({ switches });
  }

  /** Keys of the computer are keys of the phone, unless they are meant for a field. */
  #onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
    const { line, story } = this.state;
    const isForField = target instanceof HTMLElement && target.closest('input, select, textarea') !== null;
    if (line.kind !== 'call' || story?.state.phase !== 'talking') return;
    if (!isForField && !ctrlKey && !metaKey && !altKey && /^[0-9*#]$/.test(key))
      line.call.ask({ type: 'key', digit: key });
  };

  #fail = (error: unknown): void => {
    const isInWords = error instanceof SoundProblem || error instanceof AskError;
    this.setState({ trouble: isInWords ? error.message : `Something went wrong in this page: ${String(error)}` });
  };
}

function statusOf({ line, story, setup, agent }: Seen): string {
  if (line.kind === 'free') return story?.state.phase === 'over' ? story.state.why : 'Ready to call';
  if (line.kind === 'placing') return 'Opening the microphone …';
  if (story?.state.phase === 'over') return story.state.why;
  if (!line.isConnected) return 'Connecting …';
  if (story?.state.phase !== 'talking') return 'Ringing …';
  // Where there is a choice, the line that offered it is gone by now.
  const agents = setup?.agents ?? [];
  const name = agents.length < 2 ? undefined : agents.find(({ id }) => id === agent)?.name;
  return name === undefined ? 'Talking' : `Talking with ${name}`;
}

function recordingLink(callSid: string): ComponentChild {
  return h('p', {}, [
    h(
      'a',
      { href: `/api/phone/calls/${callSid}/recording`, download: 'call.wav' },
      'Download the call as a sound file',
    ),
    ' (left you, right the agent). It is kept for 15 minutes.',
  ]);
}

showPage(h(PhonePage, {}));
