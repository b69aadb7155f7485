import type { AgentSpeech } from '../agent/agent-speech.ts';
import type { CallerSpeech } from '../caller/caller-speech.ts';
import type { CallEvent } from '../events.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelSessions } from '../session/model-sessions.ts';
import type { Recovery } from '../session/recovery.ts';
import type { Rotator } from '../session/rotator.ts';
import type { ToolEvents } from '../tooling/tool-events.ts';

/** Whether a model session tells it. */
export function isOfSession({ type }: CallEvent): boolean {
  return type.startsWith('model.');
}

/** Distributes the facts of the model and of tools to the parts that they concern. */
export class ModelEvents {
  readonly #agent: AgentSpeech;
  readonly #caller: CallerSpeech;
  readonly #tools: ToolEvents;
  readonly #sessions: ModelSessions;
  readonly #recovery: Recovery;
  readonly #rotator: Rotator;
  readonly #reaction: Reaction;

  constructor(
    agent: AgentSpeech,
    caller: CallerSpeech,
    tools: ToolEvents,
    sessions: ModelSessions,
    recovery: Recovery,
    rotator: Rotator,
    reaction: Reaction,
  ) {
    this.#agent = agent;
    this.#caller = caller;
    this.#tools = tools;
    this.#sessions = sessions;
    this.#recovery = recovery;
    this.#rotator = rotator;
    this.#reaction = reaction;
  }

  take(event: Extract<CallEvent, { type: `model.${string}` | `tool.${string}` }>): void {
    switch (event.type) {
      case 'model.opened':
        return this.#recovery.opened();
      case 'model.openFailed': {
        const { fault, remedy, jitter } = event;
        return this.#recovery.lost({ remedy, jitter, wasReached: fault !== 'model.unreachable' }, { fault });
      }
      case 'model.closed': {
        const { code, remedy, jitter } = event;
        return this.#recovery.lost({ remedy, jitter, wasReached: true }, { fault: 'model.closed', code });
      }
      case 'model.frameRejected':
        if (event.fault === 'model.overBudget') this.#recovery.overBudget();
        return this.#reaction.noteFault(event.fault);
      case 'model.audio':
        return this.#agent.audioCame(event.pcm);
      case 'model.interrupted':
        return this.#agent.interrupted();
      case 'model.generationCompleted':
        return this.#agent.generationCompleted();
      case 'model.turnCompleted':
        return this.#agent.turnCompleted();
      case 'model.interaction':
        return this.#agent.workChanged(event.status === 'working');
      case 'model.waitingForInput':
        return this.#agent.waitsForCaller();
      case 'model.text':
        return this.#agent.textCame();
      case 'model.agentTranscript':
        return this.#agent.wordsCame(event.text);
      case 'model.callerTranscript':
        return this.#caller.wordsCame(event.text);
      case 'model.toolCalled':
        this.#agent.toolCalled();
        return this.#tools.called(event.calls);
      case 'model.toolRejected':
        this.#agent.toolCalled();
        return this.#tools.rejected(event.id, event.name);
      case 'model.toolCancelled':
        return this.#tools.cancelled(event.ids);
      case 'model.resumptionUpdated':
        return this.#sessions.resumptionUpdated(event.handle, event.resumable);
      case 'model.goingAway':
        return this.#rotator.goingAway(event.timeLeftMs);
      case 'tool.finished':
        return this.#tools.finished(event);
      case 'tool.failed':
        return this.#tools.failed(event);
      case 'model.usage':
      case 'model.voiceActivity':
    }
  }
}
