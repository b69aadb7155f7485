import { Component, type ComponentChild, h } from 'preact';
import { AskError } from '../shared/ask.ts';
import { loadingNote, problemNote, showPage } from '../shared/notices.ts';
import { CallLinks } from './call-links.ts';
import { embeddedCall, embeddedSound, fetchedCall, type LoadedCall } from './call-source.ts';
import { CallView } from './call-view.ts';
import { historyLink } from './history-link.ts';
import { knownCall } from './known/known-call.ts';

interface Shown {
  readonly call: LoadedCall | null;
  /** How much of the sound has come, 0 to 1. */
  readonly share: number;
  readonly trouble: string | null;
}

const shareStep = 0.02;

/** The call that lies in the page itself, or the one that the address names: its recording, or what the journal knows. */
class CallPage extends Component<object, Shown> {
  override state: Shown = { call: null, share: 0, trouble: null };
  readonly #callSid = location.pathname.split('/').at(-1) ?? '';

  override componentDidMount(): void {
    void this.#load();
  }

  override render(): ComponentChild {
    const { call, share, trouble } = this.state;
    return h('div', {}, [
      historyLink(),
      trouble === null ? null : problemNote(trouble),
      call === null ? (trouble === null ? loadingNote('Reading the call') : null) : this.#shown(call, share),
    ]);
  }

  #shown({ head, timeline, sound, isEmbedded }: LoadedCall, share: number): ComponentChild {
    const { known, noRecording, part } = head;
    if (timeline !== null) {
      const links = isEmbedded ? null : h(CallLinks, { part, callSid: this.#callSid });
      return h(CallView, { timeline, sound, share, known: known?.call ?? null, links });
    }
    return known === null ? problemNote(noRecording ?? '') : knownCall(known, noRecording ?? '');
  }

  async #load(): Promise<void> {
    const embedded = embeddedCall();
    if (embedded !== null) {
      this.setState({ call: embedded });
      return this.setState({ call: { ...embedded, sound: await embeddedSound() } });
    }
    const part = new URLSearchParams(location.search).get('part') ?? '1';
    const path = `/api/calls/${encodeURIComponent(this.#callSid)}/recording?part=${encodeURIComponent(part)}`;
    try {
      const call = await fetchedCall(
        path,
        (begun) => this.setState({ call: begun }),
        (share) => {
          // It comes in some thousand pieces.
          if (share - this.state.share > shareStep) this.setState({ share });
        },
      );
      this.setState({ call });
    } catch (error) {
      this.setState({ trouble: error instanceof AskError ? error.message : String(error) });
    }
  }
}

showPage(h(CallPage, {}));
