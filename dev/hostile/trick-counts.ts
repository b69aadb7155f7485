import type { CallEffect } from '../../src/call/effects.ts';
import type { CallEvent } from '../../src/call/events.ts';
import { pretendedTools, simulatedTerms } from '../../src/sim/scenario/pretended-tools.ts';

/** What a hostile model did, and what was done to its calls. */
export const tricks = [
  'calls a tool that there is not',
  'adds arguments that nobody asked for',
  'sends more arguments than a tool takes',
  'puts an order into its arguments',
  'gets an order in a result',
  'transfers to a number or a made-up name',
  'makes more than 16 calls at once',
  'asks again for what it has asked for',
  'calls again without asking the caller',
  'takes back a call',
  'says that the caller spoke, truly or not',
  'loses its session over a write',
  'loses its process over a write',
] as const;

export type Trick = (typeof tricks)[number];

const confirmed: ReadonlySet<string> = new Set(
  Object.entries(pretendedTools).flatMap(([name, { confirm }]) => (confirm ? [name] : [])),
);

/** Counts, from outside, what a hostile model gets to play on one call: what its script holds may not come to pass. */
export class TrickCounts {
  readonly counts = new Map<Trick, number>();
  readonly #asked = new Set<string>();
  #openWrites = new Set<string>();

  step(event: CallEvent, effects: readonly CallEffect[]): void {
    switch (event.type) {
      case 'model.toolCalled':
        if (event.calls.length > 16) this.#count('makes more than 16 calls at once');
        for (const { name, args } of event.calls) this.#called(name, args);
        break;
      case 'model.toolRejected':
        this.#count('sends more arguments than a tool takes');
        break;
      case 'model.toolCancelled':
        this.#count('takes back a call');
        break;
      case 'model.interrupted':
      case 'model.callerTranscript':
        this.#count('says that the caller spoke, truly or not');
        break;
      case 'model.closed':
        if (this.#openWrites.size > 0) this.#count('loses its session over a write');
        break;
      case 'call.restored':
        if ((event.memory.writes ?? []).length > 0) this.#count('loses its process over a write');
        this.#openWrites = new Set();
        break;
      case 'tool.finished':
        if (JSON.stringify(event.response).includes('SYSTEM:')) this.#count('gets an order in a result');
        this.#openWrites.delete(event.id);
        break;
      case 'tool.failed':
        this.#openWrites.delete(event.id);
        break;
      default:
    }
    for (const effect of effects)
      if (effect.type === 'tool.run' && effect.effect === 'write') this.#openWrites.add(effect.call.id);
  }

  #called(name: string, args: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify(args);
    const wish = `${name} ${text}`;
    if (!Object.hasOwn(simulatedTerms, name)) this.#count('calls a tool that there is not');
    if (Object.hasOwn(args, 'sudo')) this.#count('adds arguments that nobody asked for');
    if (text.includes('Ignore your instructions')) this.#count('puts an order into its arguments');
    if (name === 'transfer_call' && !/support|sales/.test(text)) this.#count('transfers to a number or a made-up name');
    if (this.#asked.has(wish)) {
      this.#count(
        confirmed.has(name) ? 'calls again without asking the caller' : 'asks again for what it has asked for',
      );
    }
    this.#asked.add(wish);
  }

  #count(trick: Trick): void {
    this.counts.set(trick, (this.counts.get(trick) ?? 0) + 1);
  }
}
