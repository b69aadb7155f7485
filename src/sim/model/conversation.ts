import { Agenda, earlier } from './agenda.ts';
import { AudioIntake } from './audio-intake.ts';
import type { AudioOutcome } from './audio-intake.ts';
import type { ClientContent, ClientMessage, FunctionResponse, RealtimeInput, Setup } from './client-message.ts';
import { closeReasons } from './close-reasons.ts';
import { Outbox } from './outbox.ts';
import type { ModelEffect } from './outbox.ts';
import { Reply } from './reply.ts';
import type { ReplyOutput } from './reply.ts';
import type { Lease, Memory, ResumptionHandles } from './resumption-handles.ts';
import type { InstantStep, Script, ToolRequest } from './script.ts';
import type { ServerContent } from './server-message.ts';
import type { ModelRules } from './setup-rules.ts';
import type { SpeechEdge } from './speech-detector.ts';
import { planHearing } from './speech-plan.ts';
import type { Clip, Delivery } from './speech-plan.ts';
import { ToolLedger } from './tool-ledger.ts';
import type { Scheduling } from './tool-ledger.ts';
import { TurnSupply } from './turn-supply.ts';
import type { ScriptedTurn } from './turn-supply.ts';
import { UsageMeter } from './usage-meter.ts';
import type { ViolationList } from './violation-list.ts';

/** What an open session is made of. */
export interface ConversationOptions {
  readonly setup: Setup;
  readonly rules: ModelRules;
  readonly script: Script;
  readonly clips: ReadonlyMap<string, Clip>;
  readonly handles: ResumptionHandles;
  readonly lease: Lease;
  /** Null for a fresh session. */
  readonly memory: Memory | null;
  readonly violations: ViolationList;
}

/** Turns that wait until nobody speaks. More of them than any script makes means that the client floods the session. */
const waitingTurnsMax = 20;

/**
 * The service's side of a session once it is set up: hears the caller, takes the turns of its script, and lets itself be interrupted.
 * The parts (intake, supply, reply, ledger, meter) do not know each other; what joins them stands here.
 */
export class Conversation {
  readonly audio: AudioIntake;
  readonly #options: ConversationOptions;
  readonly #delivery: Delivery;
  readonly #supply: TurnSupply;
  readonly #ledger: ToolLedger;
  readonly #meter: UsageMeter;
  readonly #outbox: Outbox;
  readonly #agenda = new Agenda<InstantStep>();
  readonly #waiting: ScriptedTurn[] = [];
  #reply: Reply | null = null;
  #billedSpeechMs = 0;
  /** Content without `turnComplete` leaves the client's turn open, and the caller is not heard (GM-CONTENT-1). */
  #isContentOpen = false;
  /** The client announced history: the first content is no question (GM-CONTENT-1). */
  #isSeeding: boolean;
  #isMuted = false;

  constructor(options: ConversationOptions, atMs: number) {
    const { setup, rules, script, memory } = options;
    this.#options = options;
    this.audio = new AudioIntake(setup, script.deafToMs);
    const transcribes = setup.outputAudioTranscription !== undefined || rules.transcribesUnasked.includes('output');
    this.#delivery = { ...script, transcripts: transcribes ? script.transcripts : null };
    this.#supply = new TurnSupply(script, memory?.turnIndex ?? 0);
    this.#ledger = new ToolLedger(setup, rules);
    this.#meter = new UsageMeter(setup, memory?.context ?? null);
    this.#outbox = new Outbox(script.bundled);
    this.#isSeeding = setup.historyConfig?.initialHistoryInClientContent === true;
    for (const { atMs: afterMs, step } of script.timed) this.#agenda.add(atMs + afterMs, step);
    this.#outbox.send({ setupComplete: {} });
    if (rules.greets === 'unasked' && memory === null) this.#answerNext(atMs);
  }

  get isClosed(): boolean {
    return this.#outbox.isClosed;
  }

  nextDeadline(): number | null {
    return this.isClosed ? null : earlier(this.#agenda.nextDeadline(), this.#reply?.nextDeadline() ?? null);
  }

  /** Does what is due and gives all effects since the last time. */
  advance(atMs: number): readonly ModelEffect[] {
    while (!this.isClosed) {
      const step = this.#agenda.takeDue(atMs);
      const output = step === null ? (this.#reply?.next(atMs) ?? null) : null;
      if (step !== null) this.#takeStep(step, atMs);
      else if (output !== null && this.#reply !== null) this.#perform(output, this.#reply, atMs);
      else break;
    }
    return this.#outbox.take();
  }

  /** Takes a message of the client; what it causes comes out of `advance`. */
  receive(message: ClientMessage, atMs: number): void {
    if (message.realtimeInput !== undefined) this.#hear(message.realtimeInput, atMs);
    else if (message.clientContent !== undefined) this.#read(message.clientContent, atMs);
    else if (message.toolResponse === undefined) this.#outbox.close(closeReasons.argumentInvalid);
    else for (const response of message.toolResponse.functionResponses) this.#takeAnswer(response, atMs);
  }

  #hear(input: RealtimeInput, atMs: number): void {
    const fields = Object.keys(input);
    if (fields.length !== 1) this.#violate('GM-AUDIO-1', `realtimeInput holds [${fields.join(', ')}]`, atMs);
    if (input.audio !== undefined) this.#follow(this.audio.accept(input.audio, atMs), atMs);
    if (input.activityStart !== undefined) this.#follow(this.audio.mark('started'), atMs);
    if (input.activityEnd !== undefined) this.#follow(this.audio.mark('ended'), atMs);
    if (input.audioStreamEnd === true) {
      this.#follow(this.audio.streamEnd(this.#options.rules.closesTurnOnStreamEnd), atMs);
    }
    if (input.text === undefined) return;
    this.#meter.readText(input.text);
    this.#cutOff();
    this.#answerNext(atMs);
  }

  #follow(outcome: AudioOutcome, atMs: number): void {
    if ('close' in outcome) this.#outbox.close(outcome.close);
    else for (const edge of outcome.edges) this.#turnEdge(edge, atMs);
  }

  #turnEdge(edge: SpeechEdge, atMs: number): void {
    if (this.#isContentOpen) return;
    if (edge === 'ended') {
      this.#callerTurnEnded(atMs);
      this.#beginWaiting(atMs);
    } else if (this.#options.setup.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION') {
      this.#cutOff();
    }
  }

  #callerTurnEnded(atMs: number): void {
    this.#meter.readSpeech(this.audio.speechMs - this.#billedSpeechMs);
    this.#billedSpeechMs = this.audio.speechMs;
    const forgotten = this.#ledger.forgotten(atMs);
    if (forgotten.length === 0) return this.#answerNext(atMs, 'aloud');
    // GM-TOOL-3: a session with an unanswered call does not hear the caller any more.
    this.#violate('GM-TOOL-3', `no answer to ${forgotten.join(', ')}`, atMs);
  }

  #read({ turns = [], turnComplete = false }: ClientContent, atMs: number): void {
    const { rules } = this.#options;
    if (turns.some(({ role }) => role !== undefined && role !== 'user' && role !== 'model')) {
      return this.#outbox.close(closeReasons.argumentInvalid);
    }
    this.#meter.readText(turns.flatMap(({ parts = [] }) => parts.map(({ text = '' }) => text)).join(''));
    const isHistory = this.#isSeeding || rules.greets === 'onText';
    if (turnComplete) this.#isSeeding = false;
    if (isHistory) return;
    this.#isContentOpen = !turnComplete;
    if (!turnComplete) return;
    this.#cutOff();
    this.#answerNext(atMs);
  }

  /** Begins the next turn of the script. `aloud`: the caller asked for it, so what was heard is transcribed first (GM-TURN-3). */
  #answerNext(atMs: number, asked: 'aloud' | 'silently' = 'silently'): void {
    const scripted = this.#supply.take();
    if (scripted === null) return;
    if (asked === 'aloud') this.#transcribe(scripted.turn.heard ?? '', atMs);
    if (!this.#isMuted) this.#begin(scripted, atMs);
  }

  #transcribe(heard: string, atMs: number): void {
    const { setup, rules, script } = this.#options;
    if (setup.inputAudioTranscription === undefined && !rules.transcribesUnasked.includes('input')) return;
    for (const { afterMs, text } of planHearing(heard, script.heardMs)) {
      this.#agenda.add(atMs + afterMs, { send: { serverContent: { inputTranscription: { text } } } });
    }
  }

  #begin(scripted: ScriptedTurn, atMs: number): void {
    if (this.#reply !== null || this.audio.isSpeaking) {
      if (this.#waiting.length < waitingTurnsMax) this.#waiting.push(scripted);
      return;
    }
    const startAtMs = atMs + (scripted.turn.latencyMs ?? this.#options.script.latencyMs);
    this.#reply = new Reply(scripted, this.#options.clips, this.#delivery, startAtMs);
    this.#reportResumable(false);
  }

  #beginWaiting(atMs: number): void {
    if (this.#reply !== null || this.audio.isSpeaking) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#begin(next, atMs);
  }

  #perform(output: ReplyOutput, reply: Reply, atMs: number): void {
    switch (output.type) {
      case 'audio':
        return this.#outbox.sendContent(output.content);
      case 'calls':
        return this.#makeCalls(output.requests, reply, atMs);
      case 'step':
        return this.#takeStep(output.step, atMs);
      case 'generated':
        return this.#outbox.sendContent({ generationComplete: true });
      case 'over':
        this.#reply = null;
        this.#completeTurn(reply);
        this.#reportResumable(true);
        return this.#beginWaiting(atMs);
    }
  }

  #takeStep(step: InstantStep, atMs: number): void {
    if ('send' in step) this.#outbox.add({ type: 'message.send', message: step.send });
    else if ('sendText' in step) this.#outbox.add({ type: 'text.send', text: step.sendText });
    else if ('close' in step) this.#outbox.close(step.close);
    else if ('drop' in step) this.#outbox.add({ type: 'socket.drop' });
    else if ('mute' in step) this.#isMuted = true;
    else {
      const { timeLeftMs } = step.goAway;
      this.#outbox.send({ goAway: { timeLeft: `${timeLeftMs / 1000}s` } });
      this.#agenda.add(atMs + timeLeftMs, { close: closeReasons.deadlineExpired });
    }
  }

  /** New input ends what the model is doing: without a trace while it thinks, with an interruption once it has begun. */
  #cutOff(): void {
    const reply = this.#reply;
    this.#reply = null;
    if (reply === null || this.#isMuted) return;
    if (reply.hasBegun) this.#interrupt(reply);
    else if (reply.scripted.index === null) this.#waiting.unshift(reply.scripted);
    else this.#supply.giveBack(reply.scripted.index);
  }

  /** GM-TURN-2: the order of `interrupted` and `turnComplete` is the script's, and audio may still slip out. */
  #interrupt(reply: Reply): void {
    const { interruption, lateMessages } = this.#options.script;
    if (interruption === 'afterTurnComplete') this.#completeTurn(reply);
    this.#outbox.sendContent({ interrupted: true });
    for (const content of reply.upcoming(lateMessages)) this.#outbox.sendContent(content);
    const ids = this.#ledger.cancelBlocking();
    if (ids.length > 0) this.#outbox.send({ toolCallCancellation: { ids } });
    if (interruption === 'thenTurnComplete') this.#completeTurn(reply);
    if (interruption === 'alone') this.#meter.bill(reply.sentMs);
    this.#reportResumable(true);
  }

  #completeTurn({ scripted, sentMs }: Reply): void {
    const { turnCompleteReason } = scripted.turn;
    const isBusy = this.#ledger.isWaiting || this.#waiting.length > 0;
    const serverContent: ServerContent = {
      turnComplete: true,
      ...(turnCompleteReason !== undefined && { turnCompleteReason }),
      ...(this.#options.rules.reportsInteraction && { interactionStatus: isBusy ? 'IN_PROGRESS' : 'IDLE' }),
    };
    this.#outbox.send({ serverContent, usageMetadata: this.#meter.bill(sentMs) });
  }

  #makeCalls(requests: readonly ToolRequest[], reply: Reply, atMs: number): void {
    const calls = requests.map((request) => this.#ledger.make(request, atMs));
    this.#outbox.send({
      toolCall: { functionCalls: calls.map(({ id, request: { name, args } }) => ({ id, name, args })) },
    });
    const blockingIds = calls.filter(({ behavior }) => behavior === 'BLOCKING').map(({ id }) => id);
    reply.awaitAnswers(blockingIds, atMs);
  }

  #takeAnswer(response: FunctionResponse, atMs: number): void {
    const outcome = this.#ledger.answer(response);
    if (outcome.type === 'refused') return this.#outbox.close(outcome.close);
    if (outcome.type === 'unknown') this.#violate('GM-TOOL-3', `no open call has the id ${response.id}`, atMs);
    if (outcome.type !== 'accepted' || response.willContinue === true) return;
    this.#meter.readText(JSON.stringify(response.response));
    const { id, behavior, request } = outcome.call;
    if (behavior === 'NON_BLOCKING') return this.#speakResult(request.answered, outcome.scheduling, atMs);
    this.#reply?.answer(id, request.answered, atMs + this.#options.script.latencyMs);
  }

  /** GM-TOOL-4: silently, once nobody speaks, or in the middle of the model's own speech but never of the caller's. */
  #speakResult(steps: ToolRequest['answered'], scheduling: Scheduling, atMs: number): void {
    const hasNothingToSay = steps.length === 0 && !this.#options.rules.reportsInteraction;
    if (scheduling === 'SILENT' || hasNothingToSay) return;
    if (scheduling === 'INTERRUPT' && this.#reply?.hasBegun === true) this.#cutOff();
    this.#begin({ turn: { steps, ends: 'onTime' }, index: null }, atMs);
  }

  /** GM-RESUME-1: a handle comes after each turn; while the model works the session cannot be resumed. */
  #reportResumable(isResumable: boolean): void {
    const { setup, handles, lease } = this.#options;
    if (setup.sessionResumption === undefined) return;
    const memory = { turnIndex: this.#supply.nextIndex, context: this.#meter.context };
    this.#outbox.send({
      sessionResumptionUpdate: isResumable
        ? { newHandle: handles.issue(setup.model, memory, lease), resumable: true }
        : { resumable: false },
    });
  }

  #violate(rule: string, what: string, atMs: number): void {
    this.#options.violations.add({ atMs, rule, what });
  }
}
