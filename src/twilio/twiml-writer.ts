import type { CalleeInstruction, CallInstruction } from '../call/effects.ts';
import { timesSent, type WebhookQuery } from './forms.ts';
import { instancePath, streamUrlOf, paths } from './paths.ts';
import { askAgain, renderTwiml, sendOn } from './twiml.ts';

/** The longest a dialled call may last: Twilio's own limit (TW-TWIML-3). */
const dialTimeLimitSeconds = 14_400;

/** The silence that ends a message: long enough to think of a number. */
const recordSilenceSeconds = 5;

/** Where Twilio finds the service. */
export interface TwimlWriterOptions {
  /** The address that Twilio calls, without a slash at the end. It may be known only once the service listens. */
  readonly publicUrl: () => string;
  /** Stands in every address, so that a proxy leads what follows in a call to the process that has it; null for a process without a name. */
  readonly instance?: string | null;
}

/** Writes instructions as TwiML, with the addresses and limits of one service. */
export class TwimlWriter {
  readonly #options: TwimlWriterOptions;

  constructor(options: TwimlWriterOptions) {
    this.#options = options;
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
    const { publicUrl, instance = null } = this.#options;
    return renderTwiml(document, {
      streamUrl: streamUrlOf(publicUrl(), instance),
      streamToken,
      streamCallback: this.#own(paths.streamStatus),
      connectAction: this.#own(paths.streamEnded),
      dialAction: this.#own(paths.dialEnded),
      calleeAction: this.#own(paths.callee),
      callSid,
      recordAction: this.#own(paths.voicemailEnded),
      recordingCallback: this.#own(paths.recording),
      dialTimeLimitSeconds,
      recordSilenceSeconds,
      sayLanguage,
    });
  }

  /**
   * Makes Twilio ask the next process what comes after a stream: that of the instance which was asked, or of this one if none was named.
   * `stream`: its number; null when the question did not say.
   */
  askNextProcess(stream: number | null, instance: string | null): string {
    return askAgain(this.#at(instance ?? this.#options.instance ?? null, paths.streamEnded), stream);
  }

  /** Makes Twilio ask this process at once what comes after a stream. */
  askThisProcess(): string {
    return sendOn(this.#own(paths.streamEnded));
  }

  /** Makes Twilio ask another instance the same. The address says how often that was done by then. */
  askInstance(instance: string, path: string, query: WebhookQuery): string {
    const asked = Object.entries({ ...query, sent: timesSent(query) + 1 }).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return sendOn(`${this.#at(instance, path)}?${new URLSearchParams(asked).toString()}`);
  }

  #own(path: string): string {
    return this.#at(this.#options.instance ?? null, path);
  }

  #at(instance: string | null, path: string): string {
    return this.#options.publicUrl() + instancePath(instance) + path;
  }
}
