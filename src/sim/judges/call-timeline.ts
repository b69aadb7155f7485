import type { Call } from '../../call/call.ts';
import type { AudioTally } from '../../call/talk/audio-tally.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { CarrierNote } from '../carrier/carrier-events.ts';

/** What an entry is about. `reply…`: what the service says of the model's present reply. */
export type TimelineKind =
  | 'replyGoesOn'
  | 'replyOver'
  | 'interrupted'
  | 'mayBeSilent'
  /** A step of recovery: a nudge, a session lost, ordered or there, a tool that begins or is done. */
  | 'step'
  /** After a long silence of both sides, the model is told to ask whether the caller is there. */
  | 'prompted'
  | 'opening'
  | 'opened'
  | 'rotation'
  | 'leaving'
  | 'toolRun';

/** One thing that happened, at a time of the world's clock. */
export interface CallTimelineEntry {
  readonly atMs: number;
  readonly kind: TimelineKind;
  /** The id of a tool call, or what the entry's note says. */
  readonly about: string;
}

/** Notes that tell of a step towards an answer. */
const stepNotes: ReadonlySet<string> = new Set(['escalated', 'modelLost', 'modelReopened', 'modelRotated', 'gaveUp']);

/** What happened in a call beside its sound, as far as a judgement of its silences needs it. */
export class CallTimeline {
  readonly entries: CallTimelineEntry[] = [];
  readonly notes: CarrierNote[] = [];
  /** What became of the caller's audio by the last step. */
  callerAudio: AudioTally['caller'] | null = null;

  onNote(note: CarrierNote): void {
    this.notes.push(note);
  }

  onStep(atMs: number, event: CallEvent, effects: readonly CallEffect[], call: Call): void {
    const kind = newsOf(event);
    if (kind !== null) this.#add(atMs, kind, kind === 'step' ? 'toolDone' : '');
    this.callerAudio = call.tally.caller;
    for (const effect of effects) this.#follow(atMs, effect);
  }

  /** The times of all entries of a kind. */
  timesOf(kind: TimelineKind): number[] {
    return this.entries.filter((entry) => entry.kind === kind).map(({ atMs }) => atMs);
  }

  #follow(atMs: number, effect: CallEffect): void {
    if (effect.type === 'model.open') this.#add(atMs, 'opening');
    if (effect.type === 'tool.run') this.#add(atMs, 'toolRun', effect.call.id);
    if (effect.type !== 'note') return;
    const { name, fields } = effect;
    if (stepNotes.has(name)) this.#add(atMs, 'step', name);
    if (name === 'callerAsked') this.#add(atMs, 'prompted');
    if (name === 'modelRotated') this.#add(atMs, 'rotation');
    if (name === 'leaving') this.#add(atMs, 'leaving', String(fields.exit));
    if (name === 'agentCut' && fields.cause === 'repeated') this.#add(atMs, 'mayBeSilent');
  }

  #add(atMs: number, kind: TimelineKind, about = ''): void {
    const last = this.entries.at(-1);
    // A reply comes in many messages.
    if (kind === 'replyGoesOn' && last?.kind === kind) return;
    this.entries.push({ atMs, kind, about });
  }
}

function newsOf(event: CallEvent): TimelineKind | null {
  switch (event.type) {
    case 'model.audio':
      return 'replyGoesOn';
    case 'model.generationCompleted':
    case 'model.turnCompleted':
      return 'replyOver';
    case 'model.interrupted':
      return 'interrupted';
    case 'model.waitingForInput':
      return 'mayBeSilent';
    case 'model.opened':
      return 'opened';
    case 'tool.finished':
    case 'tool.failed':
      return 'step';
    default:
      return null;
  }
}
