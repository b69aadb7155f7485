import type { CalleeInstruction, CallInstruction } from '../call/effects.ts';
import { paths } from './paths.ts';
import { askAgain, renderTwiml } from './twiml.ts';

/** The longest a dialled call may last: Twilio's own limit (TW-TWIML-3). */
const dialTimeLimitSeconds = 14_400;

/** The silence that ends a message: long enough to think of a number. */
const recordSilenceSeconds = 5;

/** Where Twilio finds the service, and how its own voice speaks. */
export interface TwimlWriterOptions {
  /** The address that Twilio calls, without a slash at the end. It may be known only once the service listens. */
  readonly publicUrl: () => string;
  /** The BCP-47 tag of the language that Twilio's voice speaks; null for Twilio's default. */
  readonly sayLanguage: string | null;
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
   * What Twilio shall do next. `callSid`: which call it is for. `streamToken`: what the stream must bring, if the instruction opens one.
   */
  write(document: CallInstruction | CalleeInstruction, callSid: string, streamToken = ''): string {
    const { publicUrl, sayLanguage } = this.#options;
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
