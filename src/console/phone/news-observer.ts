import { type CallObserver, dropsWords } from '../../call/call-observer.ts';
import type { CallEffect, EndReason } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { shortText } from '../../encoding/short-text.ts';
import type { PhoneNews } from './phone-news.ts';

/** Longer arguments and answers of tools are for the log. */
const toolCharsMax = 300;

/** More than anybody says at once. */
const captionCharsMax = 2_000;

/** What the agent does on its way out of a call, by the exit. */
const exitWords: Readonly<Record<string, string>> = {
  transfer: 'The agent passes you on, when it has finished speaking.',
  hangUp: 'The agent hangs up, when it has finished speaking.',
  operatorHangUp: 'An operator ends the call.',
  fallback: 'The agent cannot go on.',
  voicemail: 'The agent cannot go on.',
};

const noteWords: Readonly<Record<string, string>> = {
  modelLost: 'The connection to the model was lost. Parley makes a new one.',
  modelRotated: 'Parley renews the connection to the model.',
  escalated: 'The agent is slow to answer. Parley prompts it again.',
  operatorOrdered: 'An operator has given an order.',
};

/** Tells a page what the agent hears, says and does on its call. */
export class NewsObserver implements CallObserver {
  readonly #onNews: (news: PhoneNews) => void;
  readonly #toolNames = new Map<string, string>();
  #ended: EndReason | null = null;

  constructor(onNews: (news: PhoneNews) => void) {
    this.#onNews = onNews;
  }

  /** How Parley ended the call; null while it has not. */
  get ended(): EndReason | null {
    return this.#ended;
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    const news = this.#ofEvent(event);
    if (news !== null && !dropsWords(event, effects)) this.#onNews(news);
    for (const effect of effects) this.#tellEffect(effect);
  }

  close(): void {}

  #ofEvent(event: CallEvent): PhoneNews | null {
    switch (event.type) {
      case 'model.callerTranscript':
        return { type: 'caption', speaker: 'caller', text: shortText(event.text, captionCharsMax) };
      case 'model.agentTranscript':
        return { type: 'caption', speaker: 'agent', text: shortText(event.text, captionCharsMax) };
      case 'tool.finished':
        return this.#tool(event.id, 'done', JSON.stringify(event.response));
      case 'tool.failed':
        return this.#tool(event.id, 'failed', event.message);
      default:
        return null;
    }
  }

  #tellEffect(effect: CallEffect): void {
    switch (effect.type) {
      case 'transcript.add':
        return this.#onNews({
          type: 'said',
          speaker: effect.speaker,
          text: shortText(effect.text, captionCharsMax),
          cut: effect.cut,
        });
      case 'tool.run':
        this.#toolNames.set(effect.call.id, effect.call.name);
        return this.#onNews(this.#tool(effect.call.id, 'runs', JSON.stringify(effect.call.args)));
      case 'note':
        return this.#tellNote(effect);
      case 'call.end':
        this.#ended = effect.reason;
        return;
      default:
        return;
    }
  }

  #tellNote({ name, fields }: Extract<CallEffect, { type: 'note' }>): void {
    const words = name === 'leaving' ? exitWords[String(fields.exit)] : noteWords[name];
    if (words !== undefined) this.#onNews({ type: 'event', text: words });
  }

  #tool(id: string, state: 'runs' | 'done' | 'failed', what: string): PhoneNews {
    const name = this.#toolNames.get(id) ?? 'tool';
    if (state !== 'runs') this.#toolNames.delete(id);
    return { type: 'tool', id, name, what: shortText(what, toolCharsMax), state };
  }
}
