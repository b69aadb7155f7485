import { mulawBytesPerMs, type MulawCodec } from '../audio/mulaw.ts';
import type { CallSettings } from './call-settings.ts';
import { type AudioAccount, Conversation, failure } from './conversation.ts';
import type { CallEffect, Note } from './effects.ts';
import type { CallEvent } from './events.ts';
import { Farewell } from './farewell.ts';
import { Leg } from './leg.ts';
import { greetingRequest, lineDropped, transferFailed } from './model-notes.ts';
import type { Phase } from './phase.ts';
import { Reaction } from './reaction.ts';
import type { Deadline, TimerName } from './timers.ts';

/** Frames of one stream that may be unusable. A stray one is skipped; this many mean that the stream itself is broken. */
const rejectedFramesMax = 50;

/**
 * One phone call, as a machine: events in, effects out. No I/O, no clock, no randomness.
 *
 * Two halves do not know each other: the caller's leg (where the phone call is) and the conversation (what caller and model say).
 * Whatever joins them stands here, and in the farewell: how a lost stream or a lost model on one side ends the other.
 */
export class Call {
  readonly #settings: CallSettings;
  readonly #reaction = new Reaction();
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #farewell: Farewell;
  #rejectedFrames = 0;

  constructor(settings: CallSettings, codec: MulawCodec) {
    this.#settings = settings;
    this.#leg = new Leg(settings, this.#reaction);
    this.#conversation = new Conversation(codec, this.#reaction);
    this.#farewell = new Farewell(settings, this.#leg, this.#conversation, this.#reaction);
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
      this.#farewell.dropUselessModel();
    } else if (event.type === 'dial.ended') {
      const { outcome, callOver } = event;
      this.#reaction.note('info', 'dialEnded', { outcome });
      // Past the longest duration nobody comes back: a model that transfers again and again must not keep the call alive.
      const canReturn = this.#conversation.modelIsOpen && this.#reaction.nowMs < this.#settings.callMsMax;
      const document = this.#leg.dialEnded(outcome, callOver, canReturn);
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
        // With the exit decided and no stream, nobody is there to hear it, and whoever comes back must not hear it late.
        if (this.#leg.exit !== null && !this.#leg.hasStream) return;
        if (this.#conversation.agentAudio(event.pcm)) this.#farewell.agentSpeaks();
        return;
      case 'model.interrupted':
        return this.#interrupted();
      case 'model.generationCompleted':
        this.#conversation.generationCompleted();
        return this.#farewell.generationEnded();
      case 'model.turnCompleted':
        this.#conversation.turnCompleted();
        return this.#farewell.generationEnded();
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
        return this.#farewell.leave({ kind: 'fallback' });
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
    const wordsWereLost = this.#conversation.streamStarted();
    this.#farewell.spoken();
    if (wordsWereLost && this.#leg.exit === null) this.#conversation.tell(lineDropped);
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

  /** The agent goes: the stream is closed, and Twilio asks what comes next (TW-CLOSE-1). */
  #depart(): void {
    this.#loseStream(1000);
    this.#farewell.dropUselessModel();
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
    this.#farewell.leave({ kind: 'fallback' });
    this.#farewell.spoken();
  }

  #interrupted(): void {
    this.#conversation.cutAgent();
    this.#conversation.releaseCaller();
    this.#farewell.interrupted();
  }

  /** A tool may ask something of the call. When that cannot be done, the model is told so instead of the tool's answer. */
  #toolFinished({ id, response, silent, leave }: Extract<CallEvent, { type: 'tool.finished' }>): void {
    if (!this.#conversation.isToolOpen(id)) return;
    const refusal = leave === null ? null : this.#farewell.obey(leave);
    this.#conversation.answerTool(id, refusal ?? response, refusal === null && silent);
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
        if (this.#farewell.timedOut()) this.#depart();
        return;
      case 'callMax':
        return this.#farewell.timeIsUp();
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
    if (this.#farewell.isHeard) this.#depart();
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
      agentHeardMs: agent.heard / mulawBytesPerMs,
      callerReceivedMs: caller.received / mulawBytesPerMs,
      messagesRejected: this.#reaction.faultCount,
    });
    this.#reaction.do({ type: 'call.end', reason: phase.reason });
  }
}
