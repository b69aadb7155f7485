import type { CalleeInstruction, CallInstruction } from '../call/effects.ts';
import { paths } from './paths.ts';
import { askAgain, renderTwiml } from './twiml.ts';

/** The longest a dialled call may last: Twilio's own limit (TW-TWIML-3). */
const dialTimeLimitSeconds = 14_400;

/** The silence that ends a message: long enough to think of a number. */
const recordSilenceSeconds = 5;

/** Where Twilio finds the service. */
export interface TwimlWriterOptions {
  /** The address that Twilio calls, without a slash at the end. It may be known only once the service listens. */
  readonly publicUrl: () => string;
}

/** Writes instructions as TwiML, with the addresses and limits of one service. */
export class TwimlWriter {
  readonly #options: TwimlWriterOptions;

  constructor(options: TwimlWriterOptions) {
    this.#options = options;
  }

  /** The address of the media stream. Twilio takes no other scheme (TW-TWIML-2), so a local address gets it as well. */
  get streamUrl(): string {
    return this.#options.publicUrl().replace(/^https?/, 'wss') + paths.media;
  }

  /**
   * What Twilio shall do next. `sayLanguage`: the BCP-47 tag of what its own voice speaks; null for its default. `callSid`: which call it is
   * for, if somebody is called. `streamToken`: what the stream must bring, if one is opened.
   */
  write(
    document: CallInstruction | CalleeInstruction,
    sayLanguage: string | null,
    { callSid = '', streamToken = '' }: { readonly callSid?: string; readonly streamToken?: string } = {},
  ): string {
    const { publicUrl } = this.#options;
    return renderTwiml(document, {
      streamUrl: this.streamUrl,
      streamToken,
      streamCallback: publicUrl() + paths.streamStatus,
      connectAction: publicUrl() + paths.streamEnded,
      dialAction: publicUrl() + paths.dialEnded,
      calleeAction: publicUrl() + paths.callee,
      callSid,
      recordAction: publicUrl() + paths.voicemailEnded,
      recordingCallback: publicUrl() + paths.recording,
      dialTimeLimitSeconds,
      recordSilenceSeconds,
      sayLanguage,
    });
  }

  /** Makes Twilio ask the next process what comes after a stream. `stream`: its number; null when the question did not say. */
  askNextProcess(stream: number | null): string {
    return askAgain(this.#options.publicUrl() + paths.streamEnded, stream);
  }
}
