import { Component, type ComponentChild, h } from 'preact';
import { problemNote } from '../shared/notices.ts';
import { CallListener, type LevelsMessage } from './listener.ts';

interface ListenState {
  readonly isOn: boolean;
  readonly levels: LevelsMessage;
  readonly trouble: string | null;
}

const silence: LevelsMessage = { caller: 0, agent: 0 };

/** Lets the viewer hear the call. Neither side notices. */
export class Listen extends Component<{ readonly callSid: string }, ListenState> {
  override state: ListenState = { isOn: false, levels: silence, trouble: null };
  #listener: CallListener | null = null;

  override componentWillUnmount(): void {
    this.#listener?.stop();
  }

  override render(): ComponentChild {
    const { isOn, levels, trouble } = this.state;
    const onClick = (): void => (isOn ? this.#listener?.stop() : this.#start());
    return h('section', { class: 'card listen', 'aria-labelledby': 'listen' }, [
      h('h2', { id: 'listen' }, 'Listen in'),
      h('p', { class: 'soft' }, 'You hear both sides, and nobody hears you.'),
      h('button', { type: 'button', 'aria-pressed': isOn, onClick }, isOn ? 'Stop listening' : 'Listen'),
      isOn ? meters(levels) : null,
      trouble === null ? null : problemNote(trouble),
    ]);
  }

  #start(): void {
    this.setState({ isOn: true, levels: silence, trouble: null });
    this.#listener = new CallListener(this.props.callSid, {
      onLevels: (levels) => this.setState({ levels }),
      onEnd: (trouble) => this.setState({ isOn: false, levels: silence, trouble }),
    });
  }
}

function meters({ caller, agent }: LevelsMessage): ComponentChild {
  return h('div', { class: 'meters', 'aria-hidden': 'true' }, [meter('Caller', caller), meter('Agent', agent)]);
}

/** Speech on the telephone is far below full scale: the root makes it visible. */
function meter(name: string, level: number): ComponentChild {
  return h('label', {}, [name, h('meter', { min: 0, max: 1, value: Math.min(1, Math.sqrt(level) * 1.5) })]);
}
