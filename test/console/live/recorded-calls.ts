import { Call } from '../../../src/call/call.ts';
import type { CallEffect } from '../../../src/call/effects.ts';
import type { CallEvent } from '../../../src/call/events.ts';
import type { CallObserver } from '../../../src/call/call-observer.ts';
import type { RecordedStep } from '../../../src/calllog/read-log.ts';
import { CallWaits } from '../../../src/calllog/story/call-waits.ts';
import { CallCost } from '../../../src/host/call-cost.ts';
import { LiveCalls, type LiveCallsParts } from '../../../src/console/live/live-calls.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { recordedFixture } from '../../calllog/recorded-fixture.ts';
import { LogLines } from '../../log-lines.ts';

const model = 'gemini-3.8-live';

const prices = {
  date: '2026-11-20',
  source: 'https://example.com/prices',
  perMillionTokens: { [model]: { textIn: 1, audioIn: 2, imageIn: 3, textOut: 4, audioOut: 5 } },
};

/** Calls that the simulators have recorded happen again, step by step, before a board that looks on. */
export class LiveScene {
  readonly calls: LiveCalls;
  /** Unix time in ms. */
  nowMs = Date.UTC(2026, 10, 20, 12);
  readonly refused = new Map<string, number>();

  constructor(parts: Partial<LiveCallsParts> = {}) {
    this.calls = new LiveCalls({
      sourceOf: () => 'phone',
      refused: () => this.refused,
      unixMs: () => this.nowMs,
      ...parts,
    });
  }

  /** A call begins that was recorded under this name. */
  begins(name: string, callSid = 'CA1'): LiveScenario {
    const parties = { from: '+12025550177', to: '+12025550188' };
    const cost = new CallCost(prices, { first: model, fallback: model }, new LogLines().logger);
    const waits = new CallWaits(standardAudioPath);
    const agent = { name: 'Parley', destinations: ['support'] };
    const observer = this.calls.observe({ callSid, parties, agent, audioPath: standardAudioPath, cost }, waits);
    return new LiveScenario(this, name, [cost, waits, observer]);
  }
}

/** One recorded call that happens again. */
export class LiveScenario {
  readonly steps: readonly RecordedStep[];
  readonly #scene: LiveScene;
  readonly #call: Call;
  readonly #observers: readonly CallObserver[];
  readonly #startedAtMs: number;
  #next = 0;

  constructor(scene: LiveScene, name: string, observers: readonly CallObserver[]) {
    const { header, steps } = recordedFixture(name);
    this.steps = steps;
    this.#scene = scene;
    this.#call = new Call(header.settings, standardAudioPath);
    this.#observers = observers;
    this.#startedAtMs = scene.nowMs;
  }

  /** The next steps happen, until one of which this is true; all that are left unless one is. */
  until(isSo: (event: CallEvent, effects: readonly CallEffect[]) => boolean): this {
    for (const { event } of this.steps.slice(this.#next)) {
      this.#next += 1;
      this.#scene.nowMs = this.#startedAtMs + event.atMs;
      const effects = this.#call.handle(event);
      for (const observer of this.#observers) observer.write(event, effects, 0);
      if (isSo(event, effects)) return this;
    }
    return this;
  }

  /** It goes on to its end, and its process is done with it. */
  toTheEnd(how: 'ended' | 'crashed' | 'released' = 'ended'): this {
    this.until(() => false);
    return this.leaves(how);
  }

  /** The process is done with the call. */
  leaves(how: 'ended' | 'crashed' | 'released'): this {
    for (const observer of this.#observers) observer.close({ how, tally: this.#call.tally });
    return this;
  }
}
