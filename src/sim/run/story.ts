import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { CarrierNote } from '../carrier/carrier-events.ts';
import type { Fault } from '../faults/fault.ts';
import type { WorldObserver } from '../world/world-parts.ts';
import { effectLine, noteLine } from '../../cli/demo/story.ts';

/** The last seconds of a call tell why it failed; what came before is in its log. */
const storyMsMax = 12_000;

/** Enough for those seconds, however much happened in them. */
const linesMax = 400;

interface Line {
  readonly atMs: number;
  readonly who: string;
  readonly text: string;
}

/** Writes down what happens in a world, one line for each thing that a reader wants to know. Sound and its marks are left out. */
export class SimulationStory implements WorldObserver {
  readonly #lines: Line[] = [];
  readonly #msMax: number;

  /** `msMax`: how much of the end of the call is told. */
  constructor(msMax: number = storyMsMax) {
    this.#msMax = msMax;
  }

  onNote(note: CarrierNote): void {
    const line = noteLine(note) ?? { who: 'twilio', text: note.kind };
    if (note.kind !== 'stream.markEchoed') this.#add({ ...line, atMs: note.atMs });
  }

  onFault(atMs: number, fault: Fault): void {
    this.#add({ atMs, who: 'fault', text: JSON.stringify(fault) });
  }

  onStep(atMs: number, event: CallEvent, effects: readonly CallEffect[]): void {
    if (!uneventful.has(event.type)) this.#add({ atMs, who: '→', text: eventText(event) });
    for (const effect of effects) {
      const line = effectLine(effect);
      if (line !== null) this.#add({ ...line, atMs });
      else if (effect.type === 'note') {
        this.#add({ atMs, who: 'parley', text: `${effect.name} ${JSON.stringify(effect.fields)}` });
      } else if (!effect.type.startsWith('stream.m') && effect.type !== 'model.sendAudio') {
        this.#add({ atMs, who: 'parley', text: JSON.stringify(effect) });
      }
    }
  }

  /** The last seconds, ready to print. */
  lastSeconds(): string {
    const fromMs = (this.#lines.at(-1)?.atMs ?? 0) - this.#msMax;
    return this.#lines
      .filter(({ atMs }) => atMs >= fromMs)
      .map(
        ({ atMs, who, text }) => `${(atMs / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(6)}  ${text.slice(0, 150)}`,
      )
      .join('\n');
  }

  #add(line: Line): void {
    const last = this.#lines.at(-1);
    if (last?.who === line.who && last.text === line.text && line.atMs - last.atMs < 500) return;
    this.#lines.push(line);
    if (this.#lines.length > linesMax) this.#lines.shift();
  }
}

/** What comes all the time and tells nothing: the effects of it show where it matters. */
const uneventful: ReadonlySet<CallEvent['type']> = new Set([
  'stream.media',
  'stream.marked',
  'model.agentTranscript',
  'model.callerTranscript',
  'model.usage',
  'model.resumptionUpdated',
]);

function eventText(event: CallEvent): string {
  if (event.type === 'model.audio') return 'model.audio';
  const { type, atMs: _atMs, ...fields } = event;
  return Object.keys(fields).length === 0 ? type : `${type} ${JSON.stringify(fields)}`;
}
