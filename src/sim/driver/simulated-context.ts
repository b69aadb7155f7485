import { type ContextValues, withDefaults } from '../../agents/context/context-values.ts';
import { fillPlaceholders } from '../../agents/context/template.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import type { AskContext, ContextReply, ContextWanted } from '../../host/incoming/context-desk.ts';

/** What one process asks the server that knows the callers, and what it does with the answers. */
export class SimulatedContext {
  readonly #defaults: ContextValues | null;
  readonly #onAsk: (question: number) => void;
  readonly #asked: ((reply: ContextReply) => void)[] = [];

  /** `defaults`: what is said when the server does not know; null when nobody is asked. */
  constructor(defaults: ContextValues | null, onAsk: (question: number) => void) {
    this.#defaults = defaults;
    this.#onAsk = onAsk;
  }

  readonly ask: AskContext = (_question, _signal, done) => this.#onAsk(this.#asked.push(done) - 1);

  /** The server has answered; null when it could not be reached. */
  answered(question: number, body: string | null): void {
    this.#asked[question]?.(body === null ? { failed: 'It could not be reached.' } : { text: body });
  }

  readonly wanted = (): ContextWanted | null =>
    this.#defaults === null ? null : { agent: 'simulated', defaults: this.#defaults };

  /** The settings of a call of which this is known. */
  settings(settings: CallSettings, context: ContextValues): CallSettings {
    const values = withDefaults(context, this.#defaults ?? new Map());
    return { ...settings, greeting: fillPlaceholders(settings.greeting, values) };
  }
}
