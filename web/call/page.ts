import { Component, type ComponentChild, h } from 'preact';
import type { PastCallDetail } from '../../src/console/history/history-answer.ts';
import { AskError, getJson } from '../shared/ask.ts';
import { loadingNote, problemNote, showPage } from '../shared/notices.ts';
import { embeddedCall, embeddedSound, fetchedCall, type LoadedCall } from './call-source.ts';
import { CallView } from './call-view.ts';
import { knownCall } from './known/known-call.ts';

interface Shown {
  readonly call: LoadedCall | null;
  /** How much of the sound has come, 0 to 1. */
  readonly share: number;
  readonly trouble: string | null;
  /** What the journal knows, where there is no recording. */
  readonly known: PastCallDetail | null;
}

const shareStep = 0.02;

/** The status that says that there is no recording of a call. */
const noRecording = 404;

/** The call that lies in the page itself, or the one that the address names. */
class CallPage extends Component<object, Shown> {
  override state: Shown = { call: null, share: 0, trouble: null, known: null };
  readonly #callSid = location.pathname.split('/').at(-1) ?? '';

  override componentDidMount(): void {
    void this.#load();
  }

  override render(): ComponentChild {
    const { call, share, trouble, known } = this.state;
    if (known !== null) return knownCall(known, trouble ?? '');
    return h('div', {}, [
      trouble === null ? null : problemNote(trouble),
      call === null && trouble === null ? loadingNote('Reading the recording') : null,
      call === null ? null : h(CallView, { call, share, callSid: this.#callSid }),
    ]);
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
      const trouble = error instanceof AskError ? error.message : String(error);
      const isUnrecorded = error instanceof AskError && error.status === noRecording;
      this.setState({ trouble, known: isUnrecorded ? await this.#known() : null });
    }
  }

  /** Null when the journal does not know the call either. */
  async #known(): Promise<PastCallDetail | null> {
    try {
      return await getJson<PastCallDetail>(`/api/calls/${encodeURIComponent(this.#callSid)}`);
    } catch {
      return null;
    }
  }
}

showPage(h(CallPage, {}));
