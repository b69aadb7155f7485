import type { AudioPath } from '../audio/audio-path.ts';
import { mulawBytesPerMs } from '../audio/mulaw.ts';
import type { GateNews } from '../audio/speech-gate.ts';
import type { CallSettings } from './call-settings.ts';
import { type AudioAccount, Conversation } from './talk/conversation.ts';
import type { CallEffect } from './effects.ts';
import type { CallEvent } from './events.ts';
import { Farewell } from './phone/farewell.ts';
import { Ladder } from './watchdog/ladder.ts';
import { Leg } from './phone/leg.ts';
import { type CallMemory, Memory } from './talk/memory.ts';
import { ModelLink } from './session/model-link.ts';
import { lineDropped, transferFailed } from './talk/prompts.ts';
import { ModelTalk } from './talk/model-talk.ts';
import { ModelTurn } from './talk/model-turn.ts';
import type { Phase } from './phone/phase.ts';
import { Reaction } from './reaction.ts';
import { Recovery } from './session/recovery.ts';
import { ReplyWatch } from './watchdog/reply-watch.ts';
import { Rotation } from './session/rotation.ts';
import type { Deadline, TimerName } from './timers.ts';
import { ToolWork } from './tooling/tool-work.ts';

/** Frames of one stream that may be unusable. A stray one is skipped; this many mean that the stream itself is broken. */
const rejectedFramesMax = 50;

/**
 * One phone call, as a machine: events in, effects out. No I/O, no clock, no randomness.
 *
 * Its parts do not know each other: the caller's leg (where the phone call is), the conversation (what caller and model say), the link
 * to the model, and the tools. What joins them stands here and in four places more: `ModelTalk` (what follows from the model's
 * messages), `Recovery` (how the call survives its model sessions), `Ladder` (that the caller is answered) and `Farewell` (how the agent
 * leaves).
 */
export class Call {
  readonly #settings: CallSettings;
  readonly #reaction = new Reaction();
  readonly #leg: Leg;
  readonly #link: ModelLink;
  readonly #tools: ToolWork;
  readonly #conversation: Conversation;
  readonly #farewell: Farewell;
  readonly #recovery: Recovery;
  readonly #ladder: Ladder;
  readonly #talk: ModelTalk;
  #rejectedFrames = 0;
  /** When the longest duration of a call with the agent is over. */
  #callUntilMs = Infinity;

  constructor(settings: CallSettings, audioPath: AudioPath) {
    this.#settings = settings;
    const reaction = this.#reaction;
    const memory = new Memory();
    const rotation = new Rotation(reaction, settings.sessionMsMax);
    const leg = new Leg(settings, reaction);
    const link = new ModelLink(reaction, settings.patience.setupMs, settings.model.fallback !== null);
    const tools = new ToolWork(reaction, memory);
    const turn = new ModelTurn();
    const conversation = new Conversation(audioPath, link, memory, turn, reaction);
    const farewell = new Farewell(settings, leg, conversation, reaction);
    const parts = { settings, reaction, leg, link, tools, memory, rotation, conversation, farewell };
    this.#leg = leg;
    this.#link = link;
    this.#tools = tools;
    this.#conversation = conversation;
    this.#farewell = farewell;
    const watch = new ReplyWatch(settings.patience);
    const recovery = new Recovery({ ...parts, watch });
    const ladder = new Ladder({ ...parts, recovery, watch });
    this.#recovery = recovery;
    this.#ladder = ladder;
    this.#talk = new ModelTalk({ ...parts, recovery, ladder, turn });
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

  /** Whether it is decided how the agent's part ends. */
  get isLeaving(): boolean {
    return this.#leg.exit !== null;
  }

  /** Whether the call needs the agent no more: somebody took it, for it has rung out without coming back, or Twilio takes a message. */
  get isHandedOver(): boolean {
    const { name } = this.#leg.phase;
    return (name === 'dialling' || name === 'recording') && this.#link.isClosed;
  }

  get account(): AudioAccount {
    return this.#conversation.account;
  }

  /** Twilio's questions are answered even when the call has ended, since a webhook may be late or delivered twice. */
  #answer(event: CallEvent): void {
    if (event.type === 'call.received') {
      this.#reaction.do({ type: 'call.answer', document: this.#leg.callReceived() });
    } else if (event.type === 'connect.ended') {
      const { stream, callOver } = event;
      if (callOver || !this.#leg.isPastStream(stream)) this.#loseStream(1000);
      this.#reaction.do({ type: 'call.answer', document: this.#leg.connectEnded(stream, callOver) });
    } else if (event.type === 'dial.ended') {
      const { outcome, callOver } = event;
      this.#reaction.note('info', 'dialEnded', { outcome });
      // Past the longest duration nobody comes back: a model that transfers again and again must not keep the call alive.
      const canReturn = !this.#link.isClosed && this.#reaction.nowMs < this.#callUntilMs;
      const document = this.#leg.dialEnded(outcome, callOver, canReturn);
      this.#reaction.do({ type: 'call.answer', document });
    } else if (event.type === 'record.ended') {
      const { durationMs, callOver } = event;
      this.#reaction.do({ type: 'call.answer', document: this.#leg.recordEnded(durationMs, callOver) });
    }
  }

  #take(event: CallEvent): void {
    switch (event.type) {
      case 'call.received':
        if (this.#recovery.open()) this.#limit(this.#settings.callMsMax);
        return;
      case 'call.completed':
        return this.#leg.callCompleted();
      case 'call.restored':
        return this.#restored(event.memory);
      case 'recording.stored':
        return this.#leg.recordingStored(event.status === 'completed');
      case 'stream.started':
        return this.#streamStarted();
      case 'stream.media':
        return this.#callerNews(this.#conversation.callerAudio(event.audio, event.timestampMs));
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
      case 'service.drained':
        return this.#farewell.leave({ kind: 'fallback' });
      case 'connect.ended':
      case 'dial.ended':
      case 'record.ended':
      case 'stream.dtmf':
      case 'tick':
        return;
      default:
        return this.#talk.take(event);
    }
  }

  /** The call goes on where another process left it. Its stream is gone, or somebody is being dialled. */
  #restored({ items, handle, document, streamNumber, elapsedMs }: CallMemory): void {
    if (!this.#leg.restored(document, streamNumber)) return;
    this.#reaction.note('info', 'restored', { document: document.kind, items: items.length, elapsedMs });
    this.#limit(Math.max(0, this.#settings.callMsMax - elapsedMs));
    this.#recovery.restored(items, handle);
  }

  #limit(ms: number): void {
    this.#callUntilMs = this.#reaction.nowMs + ms;
    this.#reaction.wait('callMax', ms);
  }

  #callerNews(news: GateNews): void {
    if (news === 'began') this.#talk.callerBegan();
    if (news === 'ended') this.#talk.callerEnded();
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
    this.#ladder.streamStarted();
    if (wordsWereLost && this.#leg.exit === null) this.#ladder.ask(lineDropped);
    if (phase.name === 'awaitingStream' && phase.failedTransfer !== null) {
      this.#ladder.ask(transferFailed(phase.failedTransfer));
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

  // ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #fireTimers(): void {
    for (let timer = this.#reaction.takeDue(); timer !== null; timer = this.#reaction.takeDue()) {
      // A muted phone is silent ten times a second.
      if (timer !== 'callerSilence') this.#reaction.note('debug', 'deadline', { timer });
      this.#fire(timer);
      if (this.#leg.isOver) return;
    }
  }

  #fire(timer: TimerName): void {
    switch (timer) {
      case 'goodbye':
        if (this.#farewell.timedOut()) this.#loseStream(1000);
        return;
      case 'callMax':
        return this.#farewell.timeIsUp();
      case 'modelOpen':
        return this.#recovery.openTimedOut();
      case 'modelRetry':
        return this.#recovery.retry();
      case 'modelOutage':
        return this.#recovery.outageTimedOut();
      case 'rotation':
        return this.#recovery.rotationTimedOut();
      case 'cover':
        return this.#ladder.coverTimedOut();
      case 'recovery':
        return this.#ladder.stepTimedOut();
      case 'idle':
        return this.#ladder.idleTimedOut();
      case 'greetingHold':
        return this.#talk.releaseCaller();
      case 'callerSilence':
        return this.#callerNews(this.#conversation.callerSilence());
      case 'dialRing':
        return this.#recovery.close();
      case 'playoutDrain':
        return this.#conversation.marksLost();
      case 'tool':
        return this.#talk.toolsOverdue();
      case 'streamStart':
      case 'connectAction':
      case 'redirect':
      case 'dial':
      case 'record':
        return this.#leg.timedOut(timer);
    }
  }

  #advance(): void {
    if (this.#conversation.advance()) {
      this.#ladder.proved();
      this.#talk.releaseCaller();
    }
    if (this.#farewell.isHeard) this.#loseStream(1000);
    if (this.#farewell.needsNoModel) this.#recovery.close();
    this.#tools.advance();
    this.#recovery.advance();
    this.#ladder.advance();
  }

  #end(): void {
    const { phase } = this.#leg;
    if (phase.name !== 'ended') return;
    this.#recovery.close();
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
      modelSessions: this.#link.sessions,
      recoveries: this.#ladder.causes,
    });
    this.#reaction.do({ type: 'call.end', reason: phase.reason });
  }
}
