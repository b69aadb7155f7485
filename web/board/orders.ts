import { Component, type ComponentChild, h } from 'preact';
import type { OrderAnswer, OrderForm } from '../../src/console/live/order-form.ts';
import { AskError, postJson } from '../shared/ask.ts';
import { problemNote } from '../shared/notices.ts';

interface OrdersProps {
  readonly callSid: string;
  readonly destinations: readonly string[];
}

interface OrdersState {
  readonly note: string;
  readonly sentence: string;
  readonly destination: string;
  /** Hanging up is asked for twice. */
  readonly hangUp: 'idle' | 'asked';
  readonly isBusy: boolean;
  readonly done: string | null;
  readonly trouble: string | null;
}

interface Typed<Field> {
  readonly currentTarget: Field;
}

/** As many characters as a call takes. */
const noteCharsMax = 2_000;
const sentenceCharsMax = 500;

/** What an operator can order of a live call. */
export class Orders extends Component<OrdersProps, OrdersState> {
  override state: OrdersState = {
    note: '',
    sentence: '',
    destination: '',
    hangUp: 'idle',
    isBusy: false,
    done: null,
    trouble: null,
  };

  override render(): ComponentChild {
    const { done, trouble } = this.state;
    return h('section', { class: 'card orders', 'aria-labelledby': 'orders' }, [
      h('h2', { id: 'orders' }, 'Step in'),
      this.#sentenceForm(),
      this.#noteForm(),
      this.#transferForm(),
      this.#hangUpForm(),
      h('div', { role: 'status' }, done === null ? null : h('p', { class: 'good' }, done)),
      trouble === null ? null : problemNote(trouble),
    ]);
  }

  #sentenceForm(): ComponentChild {
    const { sentence } = this.state;
    const onSend = (): void =>
      void this.#order({ kind: 'say', text: sentence }, 'The agent says it next.', { sentence: '' });
    return form(onSend, [
      h('label', { for: 'sentence' }, 'Have the agent say, word for word'),
      h('textarea', {
        id: 'sentence',
        rows: 2,
        maxLength: sentenceCharsMax,
        required: true,
        value: sentence,
        onInput: ({ currentTarget }: Typed<HTMLTextAreaElement>) => this.setState({ sentence: currentTarget.value }),
      }),
      this.#button('Say it'),
    ]);
  }

  #noteForm(): ComponentChild {
    const { note } = this.state;
    const onSend = (): void => void this.#order({ kind: 'note', text: note }, 'The agent knows it.', { note: '' });
    return form(onSend, [
      h('label', { for: 'note' }, 'A note to the agent, which the caller does not hear'),
      h('textarea', {
        id: 'note',
        rows: 2,
        maxLength: noteCharsMax,
        required: true,
        value: note,
        onInput: ({ currentTarget }: Typed<HTMLTextAreaElement>) => this.setState({ note: currentTarget.value }),
      }),
      this.#button('Tell the agent'),
    ]);
  }

  #transferForm(): ComponentChild {
    const { destinations } = this.props;
    if (destinations.length === 0) {
      return h(
        'p',
        { class: 'soft' },
        'To send callers to a person, give the agent destinations: docs/configuration.md.',
      );
    }
    const destination = this.state.destination === '' ? (destinations[0] ?? '') : this.state.destination;
    const onSend = (): void =>
      void this.#order({ kind: 'transfer', destination }, `The caller goes to ${destination}.`, {});
    return form(onSend, [
      h('label', { for: 'destination' }, 'Send the caller to'),
      h(
        'select',
        {
          id: 'destination',
          value: destination,
          onChange: ({ currentTarget }: Typed<HTMLSelectElement>) =>
            this.setState({ destination: currentTarget.value }),
        },
        destinations.map((name) => h('option', { value: name }, name)),
      ),
      this.#button('Send'),
    ]);
  }

  #hangUpForm(): ComponentChild {
    const { hangUp, isBusy } = this.state;
    if (hangUp === 'idle') {
      const onClick = (): void => this.setState({ hangUp: 'asked' });
      return h('button', { class: 'danger', type: 'button', disabled: isBusy, onClick }, 'Hang up');
    }
    const onSend = (): void => void this.#order({ kind: 'hangUp' }, 'The call ends.', { hangUp: 'idle' });
    return form(onSend, [
      h('p', {}, 'The call ends at once, and the caller hears no goodbye.'),
      h('div', { class: 'choice' }, [
        h('button', { class: 'danger', disabled: isBusy }, 'Hang up now'),
        h(
          'button',
          { class: 'quiet', type: 'button', onClick: () => this.setState({ hangUp: 'idle' }) },
          'Let it go on',
        ),
      ]),
    ]);
  }

  #button(text: string): ComponentChild {
    return h('button', { disabled: this.state.isBusy }, text);
  }

  async #order(order: OrderForm, done: string, after: Partial<OrdersState>): Promise<void> {
    this.setState({ isBusy: true, done: null, trouble: null });
    try {
      await postJson<OrderAnswer>(`/api/live/${encodeURIComponent(this.props.callSid)}/orders`, order);
      this.setState({ ...after, isBusy: false, done });
    } catch (error) {
      this.setState({ isBusy: false, trouble: error instanceof AskError ? error.message : String(error) });
    }
  }
}

function form(onSend: () => void, children: readonly ComponentChild[]): ComponentChild {
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    onSend();
  };
  return h('form', { onSubmit }, [...children]);
}
