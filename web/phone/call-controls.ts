import { Component, type ComponentChild, h } from 'preact';
import type { PhoneSetup } from '../../src/console/phone/phone-news.ts';
import { clockTime } from '../../src/store/history/clock-time.ts';
import type { CallOrder, PhonePageCall } from './phone-call.ts';

/** What a person can switch on a call. */
export interface Switches {
  readonly isMuted: boolean;
  readonly isLineBad: boolean;
}

interface ControlsProps {
  readonly agents: PhoneSetup['agents'];
  readonly agent: string;
  /** The live call, if there is one. */
  readonly call: PhonePageCall | null;
  readonly isPlacing: boolean;
  readonly status: string;
  readonly startedAtMs: number | null;
  readonly switches: Switches;
  readonly onAgent: (agent: string) => void;
  readonly onCall: (microphone: CallOrder['microphone']) => void;
  readonly onSwitch: (switches: Switches) => void;
}

interface Measured {
  readonly spoken: number;
  readonly heard: number;
  readonly sinceMs: number;
  readonly hasHeadphones: boolean;
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const keyNames: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' };

const measureMs = 100;

/** Everything that is on a telephone: call, hang up, mute, keys, and how loud both sides are. */
export class CallControls extends Component<ControlsProps, Measured> {
  override state: Measured = { spoken: 0, heard: 0, sinceMs: 0, hasHeadphones: false };
  #timer = 0;

  override componentDidMount(): void {
    this.#timer = window.setInterval(() => this.#measure(), measureMs);
  }

  override componentWillUnmount(): void {
    window.clearInterval(this.#timer);
  }

  override render(): ComponentChild {
    const { call, status, startedAtMs } = this.props;
    return h('section', { class: 'card', 'aria-label': 'Telephone' }, [
      h('p', { class: 'phone-status' }, [
        h('span', { role: 'status' }, status),
        call !== null && startedAtMs !== null
          ? h('span', { class: 'phone-time' }, clockTime(this.state.sinceMs))
          : null,
      ]),
      call === null ? this.#renderFree() : this.#renderLive(call),
    ]);
  }

  #renderFree(): ComponentChild {
    const { agents, agent, isPlacing, onAgent, onCall } = this.props;
    const { hasHeadphones } = this.state;
    return [
      h('label', { class: 'phone-choice' }, [
        'Agent ',
        h(
          'select',
          {
            value: agent,
            onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) => onAgent(currentTarget.value),
          },
          agents.map(({ id, name }) => h('option', { value: id }, name)),
        ),
      ]),
      h('label', { class: 'phone-choice' }, [
        h('input', {
          type: 'checkbox',
          checked: hasHeadphones,
          onChange: () => this.setState({ hasHeadphones: !hasHeadphones }),
        }),
        ' I wear headphones ',
        h('span', { class: 'soft' }, '(your voice then goes out as the microphone hears it, and no echo is removed)'),
      ]),
      h('div', { class: 'phone-buttons' }, [
        h(
          'button',
          { disabled: isPlacing, onClick: () => onCall(hasHeadphones ? 'headphones' : 'loudspeaker') },
          'Call',
        ),
        h(
          'button',
          { class: 'quiet', disabled: isPlacing, onClick: () => onCall('none') },
          'Call without a microphone',
        ),
      ]),
    ];
  }

  #renderLive(call: PhonePageCall): ComponentChild {
    const { switches, onSwitch } = this.props;
    const { isMuted, isLineBad } = switches;
    return [
      meter('You', isMuted ? 0 : this.state.spoken),
      meter('Agent', this.state.heard),
      h('div', { class: 'phone-buttons' }, [
        h('button', { class: 'danger', onClick: () => call.ask({ type: 'hangUp' }) }, 'Hang up'),
        toggle('Mute', isMuted, () => onSwitch({ ...switches, isMuted: !isMuted })),
        toggle('Bad line', isLineBad, () => onSwitch({ ...switches, isLineBad: !isLineBad })),
      ]),
      isLineBad ? h('p', { class: 'soft' }, 'The line loses words, is uneven, and hisses, in both directions.') : null,
      h(
        'div',
        { class: 'phone-keys', role: 'group', 'aria-label': 'Keys' },
        keys.map((digit) =>
          h(
            'button',
            {
              class: 'quiet',
              'aria-label': `Key ${keyNames[digit] ?? digit}`,
              onClick: () => call.ask({ type: 'key', digit }),
            },
            digit,
          ),
        ),
      ),
    ];
  }

  #measure(): void {
    const { call, startedAtMs } = this.props;
    if (call === null) return;
    this.setState({ ...call.levels, sinceMs: startedAtMs === null ? 0 : performance.now() - startedAtMs });
  }
}

function meter(name: string, level: number): ComponentChild {
  return h('label', { class: 'phone-level' }, [
    h('span', {}, name),
    h('meter', { min: 0, max: 1, low: 0.25, value: level }),
  ]);
}

function toggle(name: string, isOn: boolean, onClick: () => void): ComponentChild {
  return h('button', { class: isOn ? '' : 'quiet', 'aria-pressed': String(isOn), onClick }, name);
}
