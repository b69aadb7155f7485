import type { Conversation } from './conversation.ts';
import type { CallEvent } from '../events.ts';
import type { ToolCall } from '../tooling/tool-call.ts';
import type { Farewell } from '../phone/farewell.ts';
import type { Ladder } from '../watchdog/ladder.ts';
import type { Leg } from '../phone/leg.ts';
import type { Memory } from './memory.ts';
import type { ModelLink } from '../session/model-link.ts';
import type { ModelTurn, TurnFault } from '../agent/model-turn.ts';
import type { Reaction } from '../reaction.ts';
import type { Recovery } from '../session/recovery.ts';
import type { Rotation } from '../session/rotation.ts';
import type { ToolOutcome, ToolWork } from '../tooling/tool-work.ts';

/** A caller's words that are written down twice are a defect of the service, unless they are as short as "yes, yes". */
const repeatedCharsMin = 12;

/** A caller who says more than this over the agent's last words has said something. */
const remarkMs = 500;

/** Nobody speaks so long without a pause of 600 ms. */
const noiseMs = 8_000;

/** What the talk with the model works with. */
export interface ModelTalkParts {
  readonly reaction: Reaction;
  readonly leg: Leg;
  readonly conversation: Conversation;
  readonly farewell: Farewell;
  readonly recovery: Recovery;
  readonly ladder: Ladder;
  readonly link: ModelLink;
  readonly rotation: Rotation;
  readonly memory: Memory;
  readonly tools: ToolWork;
  readonly turn: ModelTurn;
}

/** What follows from the model's messages and from the caller's speech: it joins the conversation with what is owed and what is left to do. */
export class ModelTalk {
  readonly #parts: ModelTalkParts;
  readonly #turn: ModelTurn;
  #repeats = 0;
  #lastCallerText = '';

  constructor(parts: ModelTalkParts) {
    this.#parts = parts;
    this.#turn = parts.turn;
  }

  take(event: Extract<CallEvent, { type: `model.${string}` | `tool.${string}` }>): void {
    const { conversation, ladder, reaction, recovery, tools } = this.#parts;
    switch (event.type) {
      case 'model.opened':
        return recovery.opened();
      case 'model.openFailed': {
        const { fault, remedy, jitter } = event;
        return recovery.lost({ remedy, jitter, wasReached: fault !== 'model.unreachable' }, { fault });
      }
      case 'model.closed': {
        const { code, remedy, jitter } = event;
        return recovery.lost({ remedy, jitter, wasReached: true }, { fault: 'model.closed', code });
      }
      case 'model.frameRejected':
        return reaction.noteFault(event.fault);
      case 'model.audio':
        return this.#agentAudio(event.pcm);
      case 'model.interrupted':
        return this.#interrupted();
      case 'model.generationCompleted':
        conversation.generationCompleted();
        return this.#generationEnded();
      case 'model.turnCompleted':
        return this.#turnCompleted();
      case 'model.interaction':
        return this.#workChanged(event.status === 'working');
      case 'model.waitingForInput':
        this.#turn.mayBeSilent();
        return ladder.nothingOwed();
      case 'model.callerTranscript':
        return this.#callerSaid(event.text);
      case 'model.agentTranscript':
        return this.#agentSaid(event.text);
      case 'model.toolCalled':
        return this.#toolsCalled(event.calls);
      case 'model.toolCancelled':
        for (const id of event.ids) tools.cancelled(id);
        if (ladder.isOwed) ladder.owe('answer');
        return;
      case 'model.resumptionUpdated':
        return this.#resumptionUpdated(event.handle, event.resumable);
      case 'model.goingAway':
        reaction.note('info', 'modelGoingAway', { timeLeftMs: event.timeLeftMs });
        return this.#parts.rotation.goingAway(event.timeLeftMs);
      case 'tool.finished':
        return this.#toolFinished(event);
      case 'tool.failed':
        return this.#toolFailed(event);
      case 'model.text':
        return this.#turn.textCame();
      case 'model.usage':
      case 'model.voiceActivity':
    }
  }

  // ── The agent speaks ───────────────────────────────────────────────────────────────────────────────────────────

  #agentAudio(pcm: Uint8Array): void {
    const { conversation, farewell, ladder, leg } = this.#parts;
    // With the exit decided and no stream, nobody is there to hear it, and whoever comes back must not hear it late.
    if ((leg.exit !== null && !leg.hasStream) || this.#turn.isRepeat) return;
    const kind = conversation.agentAudio(pcm);
    if (kind === 'late' || kind === 'quiet') return;
    if (kind === 'inaudible') {
      conversation.dropTurn();
      return ladder.fault('inaudibleTurn');
    }
    ladder.wordsCame();
    farewell.agentSpeaks();
  }

  #agentSaid(text: string): void {
    const { conversation, ladder } = this.#parts;
    if (!conversation.agentSaid(text) || !this.#turn.wordsCame(text)) return;
    this.#repeats += 1;
    conversation.cutAgent('repeated');
    ladder.restCame();
    // Once is a slip that the caller need not hear. A session that does it again is broken.
    if (this.#repeats > 1) ladder.replaceSession('repeatedTurn');
  }

  /** The end of a turn in which nothing was heard does not make good for what an earlier session left unsaid. */
  #generationEnded(): void {
    if (this.#turn.isAudible) this.#parts.ladder.restCame();
    this.#parts.farewell.generationEnded();
  }

  #turnCompleted(): void {
    this.#parts.conversation.turnCompleted();
    this.#generationEnded();
    this.#turnFailed(this.#turn.judge(this.#parts.recovery.manners.turnEnd));
  }

  #workChanged(isWorking: boolean): void {
    if (isWorking) this.#parts.ladder.modelWorks();
    this.#turnFailed(this.#turn.workChanged(isWorking));
  }

  #turnFailed(fault: TurnFault | null): void {
    if (fault === null) return;
    if (this.#parts.ladder.isOwed) this.#parts.ladder.fault(fault);
    else this.#parts.reaction.note('debug', 'emptyTurn', { fault });
  }

  /** Also what is said in a turn of the model that the caller interrupts. A caller who has stopped by now waits for an answer. */
  #interrupted(): void {
    const { conversation, farewell, ladder } = this.#parts;
    conversation.cutAgent('bargeIn');
    conversation.releaseCaller();
    farewell.interrupted();
    ladder.interrupted();
  }

  // ── The caller speaks ──────────────────────────────────────────────────────────────────────────────────────────

  callerBegan(): void {
    this.#turn.mayRepeat();
    this.#lastCallerText = '';
    this.#parts.ladder.nothingOwed();
  }

  /** The caller has stopped. Whatever the agent is saying goes on; in silence, it owes an answer, even if its turn has not ended. */
  callerEnded(): void {
    const { conversation, ladder, reaction } = this.#parts;
    if (conversation.wordsUntilMs <= reaction.nowMs) ladder.owe('answer');
    else if (this.#turn.isGenerating) ladder.owe('rest');
    // More than a "mm-hm" over the last words wants an answer once they have been heard.
    else if (conversation.callerSpokeMs >= remarkMs) ladder.owe('answer');
  }

  /** What was held for the greeting goes out, and wants an answer if it was speech. */
  releaseCaller(): void {
    const { conversation, ladder } = this.#parts;
    if (conversation.releaseCaller() && !conversation.callerSpeaks) ladder.owe('answer');
  }

  #callerSaid(text: string): void {
    const isRepeated = text.length >= repeatedCharsMin && text === this.#lastCallerText;
    this.#lastCallerText = text;
    if (isRepeated) return this.#parts.reaction.note('info', 'transcriptRepeated', {});
    this.#parts.conversation.callerSaid(text);
    this.#hearThroughNoise();
  }

  /** Noise that never pauses hides from us that the caller has stopped. The service, which writes down what was said, heard it. */
  #hearThroughNoise(): void {
    const { conversation, ladder, reaction } = this.#parts;
    const isNoisy = conversation.callerSpokeMs >= noiseMs && conversation.callerSpeaks;
    if (!isNoisy || this.#turn.isGenerating || conversation.wordsUntilMs > reaction.nowMs) return;
    ladder.nothingOwed();
    ladder.owe('answer');
  }

  // ── Tools ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #toolsCalled(calls: readonly ToolCall[]): void {
    this.#parts.conversation.callerWasHeard();
    this.#turn.mayBeSilent();
    for (const call of calls) this.#parts.tools.called(call);
    this.#parts.ladder.toolCalled();
  }

  /** A tool may ask something of the call. When that cannot be done, the model is told so instead of the tool's answer. */
  #toolFinished({ id, response, silent, leave }: Extract<CallEvent, { type: 'tool.finished' }>): void {
    const { farewell, leg, tools } = this.#parts;
    if (!tools.isOpen(id)) return;
    const wasLeaving = leg.exit !== null;
    const refusal = leave === null ? null : farewell.obey(leave);
    this.#toolDone(tools.finished(id, refusal ?? response, refusal === null && silent), wasLeaving);
  }

  /** A result that comes during the goodbye must not break it off. */
  #toolDone(outcome: ToolOutcome, wasLeaving: boolean): void {
    if (!wasLeaving) this.#parts.ladder.toolDone(outcome);
  }

  #toolFailed({ id, fault, message }: Extract<CallEvent, { type: 'tool.failed' }>): void {
    const { leg, reaction, tools } = this.#parts;
    reaction.note('warn', 'toolFailed', { fault });
    this.#toolDone(tools.failed(id, message), leg.exit !== null);
  }

  toolsOverdue(): void {
    const { leg, tools } = this.#parts;
    for (const outcome of tools.cancelOverdue()) this.#toolDone(outcome, leg.exit !== null);
  }

  // ── The session ────────────────────────────────────────────────────────────────────────────────────────────────

  #resumptionUpdated(handle: string | null, resumable: boolean): void {
    const { link, memory, reaction, tools } = this.#parts;
    if (!link.resumptionUpdated(handle, resumable)) return;
    memory.covered(reaction.nowMs);
    tools.covered();
  }
}
