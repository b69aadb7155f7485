import { type CallObserver, dropsWords } from '../../call/call-observer.ts';
import type { CallEffect, EndReason, Note } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { Exit } from '../../call/phone/phase.ts';
import type { Step } from '../../call/watchdog/escalation-steps.ts';
import { shortText } from '../../encoding/short-text.ts';
import type { PhoneNews } from './phone-news.ts';

/** Longer arguments and answers of tools are for the log. */
const toolCharsMax = 300;

/** More than anybody says at once. */
const captionCharsMax = 2_000;

/** What the agent does on its way out of a call, by the exit. */
const exitWords: Readonly<Record<Exit['kind'], string>> = {
  transfer: 'The agent passes you on, when it has finished speaking.',
  hangUp: 'The agent hangs up, when it has finished speaking.',
  operatorHangUp: 'An operator ends the call.',
  message: 'The agent lets you leave a message, when it has finished speaking.',
  fallback: 'The agent cannot go on.',
  voicemail: 'The agent cannot go on.',
};

/** What is done about an agent that is slow, by the step. Behind the last one comes an exit. */
const stepWords: Readonly<Record<Exclude<Step, 'giveUp'>, string>> = {
  nudge: 'The agent is slow to answer. Parley prompts it again.',
  resume: 'The agent is slow to answer. Parley renews the connection to the model.',
  fresh: 'The agent is slow to answer. Parley makes a new connection to the model.',
};

const exits = new Map(Object.entries(exitWords));
const steps = new Map(Object.entries(stepWords));

const notes = new Map([
  ['modelLost', 'The connection to the model was lost. Parley makes a new one.'],
  ['modelRotated', 'Parley renews the connection to the model.'],
  ['operatorOrdered', 'An operator has given an order.'],
]);

/** Tells a page what the agent hears, says and does on its call. */
export class NewsObserver implements CallObserver {
  readonly #onNews: (news: PhoneNews) => void;
  readonly #toolNames = new Map<string, string>();
  #exit: string | null = null;
  #ended: EndReason | null = null;

  constructor(onNews: (news: PhoneNews) => void) {
    this.#onNews = onNews;
  }

  /** How Parley ended the call; null while it has not. */
  get ended(): EndReason | null {
    return this.#ended;
  }

  /** Whether nobody was to be reached at this hour, so that a message is what was wanted, and nothing is wrong. */
  get wantsMessage(): boolean {
    return this.#exit === 'message';
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

  #tellNote({ name, fields }: Note): void {
    if (name === 'leaving') this.#exit = String(fields.exit);
    const words = wordsOf(name, fields);
    if (words !== undefined) this.#onNews({ type: 'event', text: words });
  }

  #tool(id: string, state: 'runs' | 'done' | 'failed', what: string): PhoneNews {
    const name = this.#toolNames.get(id) ?? 'tool';
    if (state !== 'runs') this.#toolNames.delete(id);
    return { type: 'tool', id, name, what: shortText(what, toolCharsMax), state };
  }
}

function wordsOf(name: string, fields: Note['fields']): string | undefined {
  if (name === 'leaving') return exits.get(String(fields.exit));
  return name === 'escalated' ? steps.get(String(fields.step)) : notes.get(name);
}
