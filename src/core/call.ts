import type { MulawCodec } from '../audio/mulaw.ts';
import type { CallSettings } from './call-settings.ts';
import { type AudioAccount, Conversation, failure } from './conversation.ts';
import type { CallEffect, Note } from './effects.ts';
import type { CallEvent, LeaveOrder, ToolResponse } from './events.ts';
import { Leg } from './leg.ts';
import { greetingRequest, timeIsUp, transferFailed } from './model-notes.ts';
import type { Exit, Goodbye, Phase } from './phase.ts';
import { Reaction } from './reaction.ts';
import type { Deadline, TimerName } from './timers.ts';

/** A goodbye that has not begun by then is not coming. The model needs 1 to 2.5 s after a tool's answer. */
const goodbyeStartMsMax = 3_000;

/** The longest goodbye that is waited for while the model still speaks it. */
const goodbyeMsMax = 12_000;

/** How long after its due end the last mark of a goodbye is waited for. */
const goodbyeMarkMs = 1_000;

/** Frames of one stream that may be unusable. A stray one is skipped; this many mean that the stream itself is broken. */
const rejectedFramesMax = 50;

/**
 * One phone call, as a machine: events in, effects out. No I/O, no clock, no randomness.
 *
 * Two halves do not know each other: the caller's leg (where the phone call is) and the conversation (what caller and model say).
 * Whatever joins them stands here: how a lost stream, a lost model or the wish to leave on one side ends the other.
 */
export class Call {
  readonly #settings: CallSettings;
  readonly #reaction = new Reaction();
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  #rejectedFrames = 0;

  constructor(settings: CallSettings, codec: MulawCodec) {
    this.#settings = settings;
    this.#leg = new Leg(settings, this.#reaction);
    this.#conversation = new Conversation(codec, this.#reaction);
  }

  /** Takes one event and returns what must be done, in order. */
  handle(event: CallEvent): readonly CallEffect[] {
    this.#reaction.begin(event.atMs);
    const wasOver = this.#leg.isOver;
    if (!wasOver) this.#fireTimers();
    this.#answer(event);
    if (!this.#leg.isOver) this.#take(event);
    if (!this.#leg.isOver) this.#advance();
    if (this.#leg.isOver && !wasOver) this.#end();
    return this.#reaction.effects;
  }

  /** When `handle({ type: 'tick' })` is next needed; null once the call has ended. */
  nextDeadline(): Deadline | null {
    return this.#reaction.nextDeadline;
  }

  get phase(): Phase['name'] {
    return this.#leg.phase.name;
  }

  /** Whether somebody else took the call: it has rung out without coming back. */
  get isHandedOver(): boolean {
    return this.#leg.phase.name === 'dialling' && !this.#conversation.modelIsOpen;
  }

  get account(): AudioAccount {
    return this.#conversation.account;
  }

  /** Twilio's questions are answered even when the call has ended, since a webhook may be late or delivered twice. */
  #answer(event: CallEvent): void {
    if (event.type === 'call.received') {
      this.#reaction.do({ type: 'call.answer', document: this.#leg.callReceived() });
    } else if (event.type === 'connect.ended') {
      this.#loseStream(1000);
      this.#reaction.do({ type: 'call.answer', document: this.#leg.connectEnded(event.callOver) });
    } else if (event.type === 'dial.ended') {
      const { outcome, callOver } = event;
      this.#reaction.note('info', 'dialEnded', { outcome });
      const document = this.#leg.dialEnded(outcome, callOver, this.#conversation.modelIsOpen);
      this.#reaction.do({ type: 'call.answer', document });
    }
  }

  #take(event: CallEvent): void {
    switch (event.type) {
      case 'call.received':
        if (this.#conversation.openModel()) this.#reaction.wait('callMax', this.#settings.callMsMax);
        return;
      case 'call.completed':
        return this.#leg.callCompleted();
      case 'stream.started':
        return this.#streamStarted();
      case 'stream.media':
        return this.#conversation.callerAudio(event.audio);
      case 'stream.marked':
        return this.#conversation.marked(event.name);
      case 'stream.stopped':
        return this.#loseStream(1000);
      case 'stream.closed':
        return this.#loseStream(null);
      case 'stream.frameRejected':
        return this.#frameRejected(event.fault);
      case 'telephony.updated':
        return this.#leg.redirected();
      case 'telephony.failed':
        this.#reaction.note('warn', 'redirectFailed', { fault: event.fault });
        return this.#leg.redirectFailed(event.callOver);
      case 'model.opened':
        return this.#conversation.modelOpened(greetingRequest(this.#settings.greeting));
      case 'model.openFailed':
        return this.#modelLost({ fault: event.fault });
      case 'model.closed':
        return this.#modelLost({ fault: 'model.closed', code: event.code });
      case 'model.frameRejected':
        return this.#reaction.noteFault(event.fault);
      case 'model.audio':
        if (this.#conversation.agentAudio(event.pcm)) this.#goodbyeBegins();
        return;
      case 'model.interrupted':
        return this.#interrupted();
      case 'model.generationCompleted':
        this.#conversation.generationCompleted();
        return this.#goodbyeEnds();
      case 'model.turnCompleted':
        this.#conversation.turnCompleted();
        return this.#goodbyeEnds();
      case 'model.callerTranscript':
        return this.#conversation.callerSaid(event.text);
      case 'model.agentTranscript':
        return this.#conversation.agentSaid(event.text);
      case 'model.toolCalled':
        for (const call of event.calls) this.#conversation.toolCalled(call);
        return;
      case 'model.toolCancelled':
        for (const id of event.ids) this.#conversation.cancelTool(id, 'The caller spoke before it was done.');
        return;
      case 'tool.finished':
        return this.#toolFinished(event);
      case 'tool.failed':
        this.#reaction.note('warn', 'toolFailed', { fault: event.fault });
        return void this.#conversation.answerTool(event.id, failure(event.message), false);
      case 'model.goingAway':
        return this.#reaction.note('info', 'modelGoingAway', { timeLeftMs: event.timeLeftMs });
      case 'service.drained':
        return this.#leave({ kind: 'fallback' });
      case 'connect.ended':
      case 'dial.ended':
      case 'stream.dtmf':
      case 'model.text':
      case 'model.waitingForInput':
      case 'model.interaction':
      case 'model.usage':
      case 'model.resumptionUpdated':
      case 'model.voiceActivity':
      case 'tick':
        return;
    }
  }

  // ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────

  #streamStarted(): void {
    const { phase } = this.#leg;
    // A second stream displaces the first (TW-CLOSE-4), and what that one had not played is gone.
    if (this.#leg.hasStream) this.#conversation.streamLost();
    if (!this.#leg.streamStarted()) return this.#reaction.do({ type: 'stream.close', code: 1000 });
    this.#rejectedFrames = 0;
    this.#reaction.note('info', 'streamStarted', {});
    this.#conversation.streamStarted();
    this.#goodbyeSpoken();
    if (phase.name === 'awaitingStream' && phase.failedTransfer !== null) {
      this.#conversation.tell(transferFailed(phase.failedTransfer));
    }
  }

  /** The stream is gone. `closeCode`: our side of it still has to be closed. */
  #loseStream(closeCode: number | null): void {
    if (!this.#leg.hasStream) return;
    if (closeCode !== null) this.#reaction.do({ type: 'stream.close', code: closeCode });
    this.#conversation.streamLost();
    this.#leg.streamLost();
  }

  #frameRejected(fault: string): void {
    this.#reaction.noteFault(fault);
    this.#rejectedFrames += 1;
    if (this.#rejectedFrames > rejectedFramesMax) this.#loseStream(1008);
  }

  // ── The model ──────────────────────────────────────────────────────────────────────────────────────────────────

  #modelLost(fields: Note['fields']): void {
    if (!this.#conversation.closeModel()) return;
    this.#reaction.note('warn', 'modelLost', fields);
    this.#leave({ kind: 'fallback' });
    this.#goodbyeSpoken();
  }

  #interrupted(): void {
    this.#conversation.cutAgent();
    this.#conversation.releaseCaller();
    // A goodbye over which the caller speaks has been heard well enough.
    if (this.#leg.goodbye === 'speaking') this.#goodbyeSpoken();
  }

  /** A tool may ask something of the call. When that cannot be done, the model is told so instead of the tool's answer. */
  #toolFinished({ id, response, silent, leave }: Extract<CallEvent, { type: 'tool.finished' }>): void {
    if (!this.#conversation.isToolOpen(id)) return;
    const refusal = leave === null ? null : this.#obey(leave);
    this.#conversation.answerTool(id, refusal ?? response, refusal === null && silent);
  }

  // ── Leaving ────────────────────────────────────────────────────────────────────────────────────────────────────

  #obey(order: LeaveOrder): ToolResponse | null {
    if (this.#leg.exit !== null) return failure('The call is being ended already. Say nothing more.');
    if (order.kind === 'hangUp') {
      this.#leave({ kind: 'hangUp' });
      return null;
    }
    const { destination } = order;
    const number = this.#settings.destinations[destination];
    if (number === undefined) {
      const names = Object.keys(this.#settings.destinations).join(', ');
      return failure(`There is no destination "${destination}". The destinations are: ${names}.`);
    }
    this.#leave({ kind: 'transfer', destination, number });
    return null;
  }

  #leave(exit: Exit): void {
    if (this.#leg.exit !== null) return;
    const goodbye = this.#goodbyeOf(exit);
    this.#reaction.note('info', 'leaving', { exit: exit.kind });
    this.#leg.leave(exit, goodbye);
    if (goodbye === 'spoken') this.#goodbyeSpoken();
    else if (this.#leg.goodbye !== null)
      this.#reaction.wait('goodbye', goodbye === 'speaking' ? goodbyeMsMax : goodbyeStartMsMax);
  }

  /** A transfer is announced after the tool's answer; a hang-up is asked for during the goodbye or after it. */
  #goodbyeOf(exit: Exit): Goodbye {
    if (exit.kind === 'fallback') return 'spoken';
    if (exit.kind === 'transfer') return 'awaited';
    if (this.#conversation.agentIsGenerating) return 'speaking';
    return this.#conversation.agentIsSilent ? 'awaited' : 'spoken';
  }

  #goodbyeBegins(): void {
    if (this.#leg.goodbye !== 'awaited') return;
    this.#leg.setGoodbye('speaking');
    this.#reaction.wait('goodbye', goodbyeMsMax);
  }

  #goodbyeEnds(): void {
    if (this.#leg.goodbye === 'speaking' && !this.#conversation.agentIsGenerating) this.#goodbyeSpoken();
  }

  /** When the call is leaving, all of the goodbye is on its way: the last mark is waited for, but not for ever. */
  #goodbyeSpoken(): void {
    if (this.#leg.goodbye === null) return;
    this.#leg.setGoodbye('spoken');
    this.#reaction.wait('goodbye', this.#conversation.unheardMs + goodbyeMarkMs);
  }

  /** Closes the stream; Twilio then asks what comes next (TW-CLOSE-1). The model is kept for a transfer that may fail. */
  #depart(): void {
    const keepsModel = this.#leg.exit?.kind === 'transfer';
    this.#loseStream(1000);
    if (!keepsModel) this.#conversation.closeModel();
  }

  /** The longest duration: the agent is cut off, because its next words must be the goodbye. */
  #timeIsUp(): void {
    if (this.#leg.exit !== null) return;
    if (!this.#conversation.modelIsOpen) return this.#leave({ kind: 'fallback' });
    this.#conversation.cutAgent();
    this.#conversation.tell(timeIsUp);
    this.#leave({ kind: 'hangUp' });
  }

  // ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #fireTimers(): void {
    for (let timer = this.#reaction.takeDue(); timer !== null; timer = this.#reaction.takeDue()) {
      this.#reaction.note('debug', 'deadline', { timer });
      this.#fire(timer);
      if (this.#leg.isOver) return;
    }
  }

  #fire(timer: TimerName): void {
    switch (timer) {
      case 'goodbye':
        return this.#depart();
      case 'callMax':
        return this.#timeIsUp();
      case 'modelOpen':
        return this.#modelLost({ fault: 'model.setupTimeout' });
      case 'greetingHold':
        return this.#conversation.releaseCaller();
      case 'dialRing':
        return void this.#conversation.closeModel();
      case 'playoutDrain':
        return this.#conversation.marksLost();
      case 'tool':
        return this.#conversation.cancelOverdueTools();
      case 'streamStart':
      case 'connectAction':
      case 'redirect':
      case 'dial':
        return this.#leg.timedOut(timer);
    }
  }

  #advance(): void {
    this.#conversation.advance();
    if (this.#leg.goodbye === 'spoken' && this.#conversation.agentIsSilent) this.#depart();
  }

  #end(): void {
    const { phase } = this.#leg;
    if (phase.name !== 'ended') return;
    this.#conversation.end();
    this.#reaction.stopAllWaiting();
    const { agent, caller } = this.#conversation.account;
    this.#reaction.note('info', 'callEnded', {
      reason: phase.reason,
      durationMs: Math.round(this.#reaction.nowMs),
      bargeIns: this.#conversation.bargeIns,
      agentHeardMs: agent.heard / 8,
      callerReceivedMs: caller.received / 8,
      messagesRejected: this.#reaction.faultCount,
    });
    this.#reaction.do({ type: 'call.end', reason: phase.reason });
  }
}
