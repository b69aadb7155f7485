import type { CallEffect, EndReason } from '../../call/effects.ts';
import type { CallEvent, DialOutcome } from '../../call/events.ts';
import { closeVerdict } from '../../gemini/closes.ts';

/** Different names of tools, destinations and faults of one call that are kept apart. Beyond them, only counts grow. */
const namesMax = 16;

/** As the call notes them. */
const dialOutcomes: readonly DialOutcome[] = [
  'connected',
  'busy',
  'noAnswer',
  'declined',
  'notAccepted',
  'failed',
  'canceled',
];

/** A transfer that nobody took. */
export interface VainTransfer {
  readonly destination: string;
  readonly outcome: Exclude<DialOutcome, 'connected'>;
}

/** What happened on a call as far as it explains its end. Times are ms since the call began. */
export class CallCourse {
  /** How often a model session was lost, or could not be had, by fault. */
  readonly losses = new Map<string, number>();
  /** How often a tool failed, by its name. */
  readonly failedTools = new Map<string, number>();
  /** Codes of faults in the order in which they came. */
  readonly faults = new Set<string>();
  readonly vainTransfers: VainTransfer[] = [];
  /** The fault of the session that was lost last. */
  lastLoss: string | null = null;
  /** Why the model was given up. */
  gaveUp: string | null = null;
  /** How often the model was asked again for words that did not come, and for which. */
  askedAgain = 0;
  askedAgainFor: string | null = null;
  /** Sessions that took over from a lost one. */
  recoveries = 0;
  /** How often the agent asked whether the caller is there, since the caller last spoke. */
  callerAsked = 0;
  streams = 0;
  /** Whether the caller heard the agent, and whether the agent heard the caller. */
  agentSpoke = false;
  callerSpoke = false;
  /** Since when there has been no model session, although one was wanted; null while there is one. */
  sessionlessSinceMs: number | null = null;
  isDrained = false;
  isTimeUp = false;
  isRestored = false;
  /** Whether nobody was there at this hour, so that the caller could leave a message. */
  isAfterHours = false;
  /** The name of the destination to which the caller was, or is, connected. */
  destination: string | null = null;
  /** What Twilio was told last, beside another stream. */
  lastOrder: 'dial' | 'record' | 'hangUp' | null = null;
  lastDial: DialOutcome | null = null;
  messageMs = 0;
  /** Where the phone call was when it ended, and whether a deadline ended it. */
  endedIn: string | null = null;
  endedByDeadline = false;
  end: EndReason | null = null;
  atMs = 0;
  readonly #toolNames = new Map<string, string>();
  #agentSent = false;
  #missed: VainTransfer | null = null;
  /** Whether the caller was gone when the last dialled leg was over. */
  #isCallerGone = false;
  /** Whether a tool that took too long is about to be cancelled. */
  #isOverdue = false;

  /** Takes a step. */
  take(event: CallEvent, effects: readonly CallEffect[]): void {
    this.atMs = event.atMs;
    this.#isOverdue = false;
    this.#takeEvent(event);
    for (const effect of effects) this.#takeEffect(effect, event);
  }

  #takeEvent(event: CallEvent): void {
    switch (event.type) {
      case 'call.restored':
        this.isRestored = true;
        this.callerSpoke ||= event.memory.items.some((item) => item.kind === 'said' && item.speaker === 'caller');
        return;
      case 'stream.started':
        this.streams += 1;
        return;
      case 'stream.marked':
        this.agentSpoke ||= this.#agentSent;
        return;
      case 'model.audio':
        this.#agentSent = true;
        return;
      case 'model.opened':
        this.sessionlessSinceMs = null;
        return;
      case 'model.openFailed':
        return this.#lost(event.fault);
      case 'model.closed':
        return this.#lost(closeVerdict(event.code, event.reason).fault ?? 'model.closed');
      case 'tool.finished':
        this.#toolNames.delete(event.id);
        if (event.leave?.kind === 'transfer') this.destination = event.leave.destination;
        this.isAfterHours ||= event.leave?.kind === 'message';
        return;
      case 'tool.failed':
        return this.#toolFailed(event.id, event.fault);
      case 'telephony.failed':
        return this.#fault(event.fault);
      case 'dial.ended':
        this.#isCallerGone = event.callOver;
        return;
      case 'record.ended':
      case 'recording.stored':
        this.messageMs = Math.max(this.messageMs, event.durationMs);
        return;
      case 'operator.transferred':
        this.destination = event.destination;
        return;
      case 'service.drained':
        this.isDrained = true;
        return;
      default:
    }
  }

  #takeEffect(effect: CallEffect, event: CallEvent): void {
    switch (effect.type) {
      case 'call.answer':
      case 'telephony.update': {
        const { kind } = effect.instruction;
        if (kind === 'dial' || kind === 'record' || kind === 'hangUp') this.lastOrder = kind;
        // Whoever is back with the agent, or goes to the fallback, is not on the way to the destination any more.
        const isLeft = kind === 'dial' ? effect.instruction.transfer === null : kind === 'stream' || kind === 'record';
        if (isLeft) this.#transferLeft();
        return;
      }
      case 'model.open':
        this.sessionlessSinceMs ??= this.atMs;
        return;
      case 'model.sendText':
        this.isTimeUp ||= effect.prompts.includes('timeIsUp');
        return;
      case 'tool.run':
        if (this.#toolNames.size < namesMax) this.#toolNames.set(effect.call.id, effect.call.name);
        return;
      case 'tool.cancel':
        if (this.#isOverdue) this.#toolFailed(effect.id, 'tool.timedOut');
        this.#isOverdue = false;
        this.#toolNames.delete(effect.id);
        return;
      case 'transcript.add':
        if (effect.speaker === 'caller') this.#callerHeard();
        return;
      case 'note':
        return this.#note(effect.name, effect.fields);
      case 'call.end':
        this.end = effect.reason;
        this.endedByDeadline = event.type === 'tick';
        return;
      default:
    }
  }

  #note(name: string, fields: Readonly<Record<string, string | number | boolean>>): void {
    this.#isOverdue = name === 'toolFailed' && fields['fault'] === 'tool.timedOut';
    if (name === 'modelLost' && fields['fault'] === 'model.setupTimeout') this.#lost('model.setupTimeout');
    if (name === 'dialEnded') this.#dialEnded(String(fields['outcome']));
    if (name === 'gaveUp') this.gaveUp = String(fields['cause']);
    if (name === 'modelReopened') this.recoveries += 1;
    // Not every service writes down what it hears.
    if (name === 'callerHeard') this.#callerHeard();
    if (name === 'callerAsked') this.callerAsked = Number(fields['times']);
    if (name === 'phase' && fields['to'] === 'ended') this.endedIn = String(fields['from']);
    if (name !== 'escalated') return;
    this.askedAgain += 1;
    this.askedAgainFor = String(fields['cause']);
  }

  #callerHeard(): void {
    this.callerSpoke = true;
    this.callerAsked = 0;
  }

  #lost(fault: string): void {
    this.lastLoss = fault;
    this.sessionlessSinceMs ??= this.atMs;
    count(this.losses, fault);
    this.#fault(fault);
  }

  #toolFailed(id: string, fault: string): void {
    count(this.failedTools, this.#toolNames.get(id) ?? 'unknown');
    this.#toolNames.delete(id);
    this.#fault(fault);
  }

  /** Whether a call was taken is for the call to say: Twilio knows only that it was answered. */
  #dialEnded(word: string): void {
    const outcome = dialOutcomes.find((one) => one === word) ?? 'failed';
    // The caller did not wait for somebody to take the call.
    if (this.#isCallerGone && outcome !== 'connected') return;
    this.lastDial = outcome;
    const { destination } = this;
    this.#missed = outcome === 'connected' || destination === null ? null : { destination, outcome };
  }

  /** No further number of the destination is called. */
  #transferLeft(): void {
    this.destination = null;
    if (this.#missed !== null && this.vainTransfers.length < namesMax) this.vainTransfers.push(this.#missed);
    this.#missed = null;
  }

  #fault(fault: string): void {
    if (this.faults.size < namesMax) this.faults.add(fault);
  }
}

function count(counts: Map<string, number>, name: string): void {
  if (counts.size < namesMax || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
}
