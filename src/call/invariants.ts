import type { Call } from './call.ts';
import type { CallEffect } from './effects.ts';
import type { CalleeQuestion, CallEvent, CallQuestion, CallRequest } from './events.ts';

/** 20 s of caller audio and 10 min of agent audio, half of which may be on its way, in mu-law bytes. */
const waitingBytesMax = { caller: 160_000, agent: 4_800_000 };

/** The events that are questions of Twilio. */
const questions: ReadonlySet<CallEvent['type']> = new Set<CallQuestion['type']>([
  'call.received',
  'connect.ended',
  'dial.ended',
  'record.ended',
]);

/** The events that ask what to do with the one who was called. */
const calleeQuestions: ReadonlySet<CallEvent['type']> = new Set<CalleeQuestion['type']>([
  'callee.answered',
  'callee.keyed',
]);

/** The events that somebody makes who waits for an answer. */
const requests: ReadonlySet<CallEvent['type']> = new Set<CallRequest['type']>([
  'operator.hungUp',
  'operator.transferred',
  'operator.noted',
  'operator.said',
  'caller.pictured',
]);

/** The effects that answer somebody, and the events that each answers. */
const answers = ['call.answer', 'callee.answer', 'request.answer'] as const;
const answered = { 'call.answer': questions, 'callee.answer': calleeQuestions, 'request.answer': requests };

/** Pictures may come a little early, one by one. */
const pictureMsMin = 800;

/** What must hold for every call after every event, judged from outside: by events, effects, and what the call says of itself. */
export class InvariantWatch {
  #atMs = 0;
  #generation = 0;
  #chunk = 0;
  #streamIsOpen = false;
  #modelIsOpen = false;
  /** How the session is told of the caller's turns: by marks, and whether one is open, or not at all; null while nothing shows it. */
  #turns: 'unmarked' | 'open' | 'closed' | null = null;
  #hasEnded = false;
  #updatesInFlight = 0;
  #picturedAtMs = -Infinity;
  #operatorHungUp = false;
  #mediaBytes = 0;
  #heardBytes = 0;
  readonly #openToolCalls = new Set<string>();
  readonly #answeredToolCalls = new Set<string>();
  #broken: string[] = [];

  /** Looks at one step of a call. Returns what does not hold, in words; empty when all is well. */
  observe(event: CallEvent, effects: readonly CallEffect[], call: Call): readonly string[] {
    this.#broken = [];
    this.#must(event.atMs >= this.#atMs, 'time went back');
    this.#atMs = event.atMs;
    const wasOver = this.#hasEnded;
    this.#takeEvent(event);
    for (const effect of effects) this.#takeEffect(effect, wasOver);
    // An effect that was due before the news came may still be ordered; the host drops it.
    if (event.type === 'model.closed') this.#loseModel();
    this.#checkAnswers(event, effects);
    this.#checkRequest(event, effects);
    this.#checkDeadline(call);
    this.#checkAudio(call);
    return this.#broken;
  }

  #must(holds: boolean, sentence: string): void {
    if (!holds) this.#broken.push(sentence);
  }

  #takeEvent(event: CallEvent): void {
    switch (event.type) {
      case 'stream.started':
        this.#streamIsOpen = true;
        return;
      case 'stream.stopped':
      case 'stream.closed':
      case 'connect.ended':
        // The call may still close its side in answer to these; nothing else may be sent.
        return;
      case 'model.opened':
        this.#modelIsOpen = true;
        return;
      case 'model.toolCalled':
        for (const { id } of event.calls) if (!this.#answeredToolCalls.has(id)) this.#openToolCalls.add(id);
        return;
      case 'model.toolRejected':
        if (!this.#answeredToolCalls.has(event.id)) this.#openToolCalls.add(event.id);
        return;
      case 'telephony.updated':
      case 'telephony.failed':
        this.#updatesInFlight -= 1;
        return;
      default:
    }
  }

  #takeEffect(effect: CallEffect, wasOver: boolean): void {
    const { type } = effect;
    if (wasOver && !isAnswer(type) && type !== 'note') this.#broken.push(`${type} after the end`);
    if (this.#hasEnded && !wasOver) this.#broken.push(`${type} behind call.end`);
    switch (effect.type) {
      case 'stream.media':
        this.#must(this.#streamIsOpen, 'stream.media without a stream');
        this.#mediaBytes += effect.audio.length;
        return;
      case 'stream.mark':
        return this.#checkMark(effect.name);
      case 'stream.clear':
        this.#must(this.#streamIsOpen, 'stream.clear without a stream');
        this.#generation += 1;
        this.#chunk = 0;
        return;
      case 'stream.close':
        this.#streamIsOpen = false;
        return;
      case 'model.sendAudio':
      case 'model.sendText':
      case 'model.activityStart':
      case 'model.activityEnd':
        if (!this.#modelIsOpen) this.#broken.push(`${type} without a model session`);
        return this.#checkTurn(effect.type);
      case 'model.sendPicture':
        return this.#checkPicture();
      case 'model.answerTools':
        for (const { id } of effect.answers) this.#checkToolAnswer(id);
        return;
      case 'model.open':
        this.#must(!this.#modelIsOpen, 'a model session was opened beside another');
        this.#loseModel();
        return;
      case 'model.close':
        return this.#loseModel();
      case 'telephony.update':
        this.#updatesInFlight += 1;
        return this.#must(this.#updatesInFlight === 1, 'two redirects in flight');
      case 'call.end':
        this.#must(this.#openToolCalls.size === 0, 'a tool call was never answered');
        this.#must(!this.#modelIsOpen, 'the model session outlives the call');
        this.#hasEnded = true;
        return;
      default:
    }
  }

  /** Where turns are marked, the model hears what is between the marks, and takes no text there (GM-VAD-6). */
  #checkTurn(type: 'model.sendAudio' | 'model.sendText' | 'model.activityStart' | 'model.activityEnd'): void {
    switch (type) {
      case 'model.activityStart':
        this.#must(this.#turns !== 'unmarked', 'a turn was marked, but audio was sent without marks');
        this.#must(this.#turns !== 'open', 'a turn began in another');
        this.#turns = 'open';
        return;
      case 'model.activityEnd':
        this.#must(this.#turns === 'open', 'a turn ended that had not begun');
        this.#turns = 'closed';
        return;
      case 'model.sendAudio':
        this.#must(this.#turns !== 'closed', 'audio was sent outside of a turn');
        this.#turns ??= 'unmarked';
        return;
      case 'model.sendText':
        this.#must(this.#turns !== 'open', 'text was sent in a turn');
    }
  }

  /** A session that is gone takes its tool calls along: nobody waits for their answers. */
  #loseModel(): void {
    this.#modelIsOpen = false;
    this.#turns = null;
    for (const id of this.#openToolCalls) this.#answeredToolCalls.add(id);
    this.#openToolCalls.clear();
  }

  /** Marks are named `g<generation>.<chunk>`. A generation that was cleared may not send again. */
  #checkMark(name: string): void {
    const [generation = 0, chunk = 0] = name.slice(1).split('.').map(Number);
    this.#must(this.#streamIsOpen, 'stream.mark without a stream');
    this.#must(generation >= this.#generation, `audio of a cleared generation was sent: ${name}`);
    this.#must(generation > this.#generation || chunk > this.#chunk, `mark ${name} is out of order`);
    this.#generation = generation;
    this.#chunk = chunk;
  }

  #checkToolAnswer(id: string): void {
    this.#must(this.#modelIsOpen, 'model.answerTools without a model session');
    this.#must(this.#openToolCalls.delete(id), `tool call ${id} was answered twice, or never made`);
    this.#answeredToolCalls.add(id);
  }

  /** Twilio's question, whoever it is about, an order of an operator or a picture gets exactly one answer, and nothing else gets any. */
  #checkAnswers(event: CallEvent, effects: readonly CallEffect[]): void {
    const given = { 'call.answer': 0, 'callee.answer': 0, 'request.answer': 0 };
    for (const { type } of effects) if (isAnswer(type)) given[type] += 1;
    for (const type of answers) {
      const wanted = answered[type].has(event.type) ? 1 : 0;
      if (given[type] !== wanted) this.#broken.push(`${event.type} was answered ${given[type]} times`);
    }
  }

  /** What is taken is done: a picture is sent, and when an operator hangs up, the caller hears the agent no more. */
  #checkRequest(event: CallEvent, effects: readonly CallEffect[]): void {
    const orders = (type: CallEffect['type']): boolean => effects.some((effect) => effect.type === type);
    if (this.#operatorHungUp) this.#must(!orders('stream.media'), 'the agent speaks after a hang-up');
    if (!requests.has(event.type)) return;
    const isTaken = effects.some((effect) => effect.type === 'request.answer' && effect.refusal === null);
    this.#operatorHungUp ||= isTaken && event.type === 'operator.hungUp';
    if (event.type !== 'caller.pictured') return;
    this.#must(orders('model.sendPicture') === isTaken, 'a picture was not sent, or was refused and sent');
  }

  #checkPicture(): void {
    this.#must(this.#modelIsOpen, 'model.sendPicture without a model session');
    this.#must(this.#atMs - this.#picturedAtMs >= pictureMsMin, 'pictures were sent too fast');
    this.#picturedAtMs = this.#atMs;
  }

  #checkDeadline(call: Call): void {
    const deadline = call.nextDeadline();
    if (this.#hasEnded) this.#must(deadline === null, 'an ended call waits for something');
    else this.#must(deadline !== null, 'a live call has no deadline');
  }

  #checkAudio(call: Call): void {
    const { caller, agent } = call.tally;
    const callerSum = caller.forwarded + caller.replaced + caller.dropped + caller.waiting;
    this.#must(caller.received === callerSum, 'caller audio is unaccounted for');
    this.#must(agent.sent === agent.heard + agent.cleared + agent.waiting, 'agent audio is unaccounted for');
    this.#must(agent.sent === this.#mediaBytes, 'agent audio was sent that the call does not know of');
    this.#must(agent.heard >= this.#heardBytes, 'the heard position went back');
    this.#must(caller.waiting <= waitingBytesMax.caller, 'too much caller audio waits');
    this.#must(agent.queued + agent.waiting <= waitingBytesMax.agent, 'too much agent audio waits');
    this.#heardBytes = agent.heard;
  }
}

function isAnswer(type: CallEffect['type']): type is (typeof answers)[number] {
  return type === 'call.answer' || type === 'callee.answer' || type === 'request.answer';
}
