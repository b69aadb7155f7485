import { Agenda, earlier } from './agenda.ts';
import { CallerTurns } from './hearing/caller-turns.ts';
import type { ClientContent, ClientMessage, RealtimeInput } from './protocol/client-message.ts';
import type { FunctionResponse, Setup } from './protocol/setup-message.ts';
import { closeReasons } from './protocol/close-reasons.ts';
import { History } from './history.ts';
import { Lifespan } from './lifespan.ts';
import { Outbox } from './outbox.ts';
import type { ModelEffect } from './outbox.ts';
import { PictureIntake } from './hearing/picture-intake.ts';
import type { Lease, Resumed } from './protocol/resumption-handles.ts';
import { excessMessages } from './script/excess.ts';
import type { SessionScript } from './script/script.ts';
import type { ServiceMemory } from './service-memory.ts';
import type { SetupRules } from './protocol/setup-rules.ts';
import { ModelVoice } from './speech/model-voice.ts';
import type { Overlap } from './hearing/overlap-hearing.ts';
import type { AudioIntake } from './hearing/audio-intake.ts';
import type { Clip } from './speech/speech-plan.ts';
import { ToolLedger } from './protocol/tool-ledger.ts';
import type { Deafness, InstantStep } from './script/turn.ts';
import { TurnSupply } from './script/turn-supply.ts';
import { UsageMeter } from './usage-meter.ts';
import type { ViolationList } from './violation-list.ts';

/** What an open session is made of. */
export interface SessionConversationOptions {
  readonly setup: Setup;
  readonly rules: SetupRules;
  readonly script: SessionScript;
  readonly clips: ReadonlyMap<string, Clip>;
  readonly memory: ServiceMemory;
  readonly lease: Lease;
  /** Null for a fresh session. */
  readonly resumed: Resumed | null;
  readonly violations: ViolationList;
}

/**
 * The service's side of a session once it is set up: takes the client's messages and the steps of its script. Its `CallerTurns` join
 * what it hears, and its `ModelVoice` what it says; the other parts (supply, ledger, meter) do not know each other.
 */
export class SessionConversation {
  readonly pictures = new PictureIntake();
  readonly history: History;
  readonly #options: SessionConversationOptions;
  readonly #lifespan: Lifespan;
  readonly #supply: TurnSupply;
  readonly #ledger: ToolLedger;
  readonly #meter: UsageMeter;
  readonly #outbox: Outbox;
  readonly #turns: CallerTurns;
  readonly #voice: ModelVoice;
  readonly #agenda = new Agenda<InstantStep>();
  /** The client announced history: the first content is no question (GM-CONTENT-1). */
  #isSeeding: boolean;
  #lastInputAtMs: number;

  constructor(options: SessionConversationOptions, atMs: number) {
    const { setup, rules, script, clips, memory, lease, resumed } = options;
    const remembered = resumed?.memory ?? null;
    this.#options = options;
    this.#lastInputAtMs = atMs;
    this.history = new History(lease.session, remembered?.history ?? []);
    this.#supply = new TurnSupply(script, remembered?.place ?? null, (clip) => clips.get(clip)?.text ?? '');
    this.#ledger = new ToolLedger(setup, rules, script.repeatedCalls, () => memory.issueCallId(lease.session));
    this.#meter = new UsageMeter(setup, remembered?.context ?? null, script.windowTokens);
    this.#outbox = new Outbox(script.bundled);
    this.#turns = this.#makeTurns();
    this.#voice = this.#makeVoice();
    this.#isSeeding = setup.historyConfig?.initialHistoryInClientContent === true;
    // Whoever resumes a session that resumed a deaf one finds it just as deaf.
    if (memory.isDeaf || resumed?.isDeaf === true) this.#deafen('untilFresh');
    this.#lifespan = new Lifespan(options, this.#agenda, atMs);
    this.#outbox.send({ setupComplete: {} });
    if (rules.greets === 'unasked' && resumed === null) this.#turns.answerNext('nobody', atMs);
  }

  /** What it made of the caller's speech over its own. */
  get overlaps(): readonly Overlap[] {
    return this.#turns.overlaps;
  }

  /** What the caller was heard to say. */
  get audio(): AudioIntake {
    return this.#turns.audio;
  }

  get isClosed(): boolean {
    return this.#outbox.isClosed;
  }

  nextDeadline(): number | null {
    if (this.isClosed) return null;
    return earlier(earlier(this.#agenda.nextDeadline(), this.#voice.nextDeadline()), this.#idleAtMs());
  }

  /** Does what is due and gives all effects since the last time. */
  advance(atMs: number): readonly ModelEffect[] {
    while (!this.isClosed) {
      const step = this.#agenda.takeDue(atMs);
      if (step !== null) this.#takeStep(step, atMs);
      else if (!this.#voice.advance(atMs)) break;
    }
    if ((this.#idleAtMs() ?? Infinity) <= atMs) this.#outbox.close(closeReasons.idle);
    return this.#outbox.take();
  }

  /** Takes a message of the client; what it causes comes out of `advance`. */
  receive(message: ClientMessage, atMs: number): void {
    this.#lastInputAtMs = atMs;
    if (message.realtimeInput !== undefined) this.#hear(message.realtimeInput, atMs);
    else if (message.clientContent !== undefined) this.#read(message.clientContent, atMs);
    else if (message.toolResponse === undefined) this.#outbox.close(closeReasons.argumentInvalid);
    else for (const response of message.toolResponse.functionResponses) this.#takeAnswer(response, atMs);
  }

  #makeTurns(): CallerTurns {
    const { setup, rules, script, violations, memory, lease } = this.#options;
    return new CallerTurns({
      setup,
      rules,
      script,
      violations,
      memory,
      session: lease.session,
      outbox: this.#outbox,
      agenda: this.#agenda,
      supply: this.#supply,
      ledger: this.#ledger,
      meter: this.#meter,
      history: this.history,
      voice: () => this.#voice,
    });
  }

  #makeVoice(): ModelVoice {
    const { setup, rules, script, clips } = this.#options;
    const transcribes = setup.outputAudioTranscription !== undefined || rules.transcribesUnasked.includes('output');
    return new ModelVoice({
      script,
      rules,
      clips,
      delivery: { ...script, transcripts: transcribes ? script.transcripts : null },
      outbox: this.#outbox,
      supply: this.#supply,
      ledger: this.#ledger,
      meter: this.#meter,
      history: this.history,
      isCallerSpeaking: () => this.#turns.isSpeaking,
      takeStep: (step, atMs) => this.#takeStep(step, atMs),
      deafen: (deaf) => this.#deafen(deaf),
      reportResumable: (isResumable, atMs) => this.#reportResumable(isResumable, atMs),
    });
  }

  #idleAtMs(): number | null {
    const { idleMs } = this.#options.script;
    return idleMs === null ? null : this.#lastInputAtMs + idleMs;
  }

  #hear(input: RealtimeInput, atMs: number): void {
    const { rules } = this.#options;
    const names = Object.keys(input);
    if (names.length !== 1) this.#violate('GM-AUDIO-1', `realtimeInput holds [${names.join(', ')}]`, atMs);
    if (input.audio !== undefined) this.#turns.follow(this.#turns.audio.accept(input.audio, atMs), atMs);
    if (input.video !== undefined) this.#see(input.video, atMs);
    for (const chunk of input.mediaChunks ?? []) this.#hearChunk(chunk, atMs);
    if (input.activityStart !== undefined) this.#turns.mark('started', atMs);
    if (input.activityEnd !== undefined) this.#turns.mark('ended', atMs);
    if (input.audioStreamEnd === true)
      this.#turns.follow(this.#turns.audio.streamEnd(rules.closesTurnOnStreamEnd), atMs);
    const { text } = input;
    if (text === undefined) return;
    if (!this.#turns.audio.takeText(rules.textInActivity)) return this.#outbox.close(closeReasons.argumentInvalid);
    this.#note(text, atMs);
    this.#voice.cutOff('text', atMs);
    this.#turns.answerNext({ text }, atMs);
  }

  #see(picture: NonNullable<RealtimeInput['video']>, atMs: number): void {
    const close = this.pictures.accept(picture);
    if (close !== null) return this.#outbox.close(close);
    this.#meter.readPicture();
    this.#lifespan.pictured(atMs);
  }

  /** Audio in the form before `realtimeInput.audio`. */
  #hearChunk(chunk: NonNullable<RealtimeInput['mediaChunks']>[number], atMs: number): void {
    const { mediaChunks } = this.#options.rules;
    if (mediaChunks === 'refused') return this.#outbox.close(closeReasons.mediaChunksDeprecated);
    if (mediaChunks === 'taken') return this.#turns.follow(this.#turns.audio.accept(chunk, atMs), atMs);
    this.#violate('GM-AUDIO-1', 'mediaChunks are not heard', atMs);
  }

  #read({ turns = [], turnComplete = false }: ClientContent, atMs: number): void {
    const { rules } = this.#options;
    if (turns.some(({ role }) => role !== undefined && role !== 'user' && role !== 'model')) {
      return this.#outbox.close(closeReasons.argumentInvalid);
    }
    if (!this.#turns.audio.takeText(rules.textInActivity)) return this.#outbox.close(closeReasons.argumentInvalid);
    const text = turns.flatMap(({ parts = [] }) => parts.map((part) => part.text ?? '')).join('');
    this.#note(text, atMs);
    const isHistory = this.#isSeeding || rules.greets === 'onText';
    if (turnComplete) this.#isSeeding = false;
    if (isHistory) return;
    this.#turns.leaveContentOpen(!turnComplete);
    if (!turnComplete) return;
    this.#voice.cutOff('text', atMs);
    this.#turns.answerNext({ text }, atMs);
  }

  #note(text: string, atMs: number): void {
    this.#meter.readText(text);
    this.history.add('client', text, atMs);
  }

  #takeAnswer(response: FunctionResponse, atMs: number): void {
    const outcome = this.#ledger.answer(response, atMs);
    if (outcome.type === 'refused') return this.#outbox.close(outcome.close);
    if (outcome.type === 'unknown') return this.#violateByAnswer(response.id ?? response.name, atMs);
    if (response.willContinue === true) return;
    this.#meter.readText(JSON.stringify(response.response));
    if (outcome.type === 'repeated') return this.#voice.callAgain(outcome.call, outcome.again);
    const { behavior, request } = outcome.call;
    if (behavior === 'BLOCKING') return this.#voice.goOn(outcome.call, atMs);
    this.#voice.speakResult(request.answered, outcome.scheduling, atMs);
  }

  #violateByAnswer(id: string, atMs: number): void {
    const session = this.#options.memory.sessionOfCall(id);
    if (session === null || session === this.#options.lease.session) {
      this.#violate('GM-TOOL-3', `no open call has the id ${id}`, atMs);
    } else {
      this.#violate('GM-TOOL-8', `${id} is a call of session ${session}`, atMs);
    }
  }

  #takeStep(step: InstantStep, atMs: number): void {
    if ('send' in step) this.#outbox.add({ type: 'message.send', message: step.send });
    else if ('sendText' in step) this.#outbox.add({ type: 'text.send', text: step.sendText });
    else if ('close' in step) this.#outbox.close(step.close);
    else if ('drop' in step) this.#outbox.add({ type: 'socket.drop' });
    else if ('mute' in step) this.#deafen(step.mute === true ? 'untilResume' : step.mute);
    else if ('interrupt' in step) this.#voice.interruptWithoutCause(atMs);
    else if ('excess' in step) {
      for (const message of excessMessages(step.excess, step.count))
        this.#outbox.add({ type: 'message.send', message });
    } else {
      const { timeLeftMs } = step.goAway;
      this.#outbox.send({ goAway: { timeLeft: `${timeLeftMs / 1000}s` } });
      this.#agenda.add(atMs + timeLeftMs, { close: closeReasons.deadlineExpired });
    }
  }

  #deafen(deaf: Deafness): void {
    if (deaf === 'no') return;
    const { lease, memory } = this.#options;
    this.#voice.mute();
    lease.staysDeaf ||= deaf !== 'untilResume';
    memory.isDeaf ||= deaf === 'always';
  }

  /** GM-RESUME-1: a handle comes after each turn; while the model works the session cannot be resumed. */
  #reportResumable(isResumable: boolean, atMs: number): void {
    const { setup, memory, lease } = this.#options;
    if (setup.sessionResumption === undefined) return;
    if (!isResumable) return this.#outbox.send({ sessionResumptionUpdate: { resumable: false } });
    const remembered = {
      place: this.#supply.place,
      context: this.#meter.context,
      history: this.history.all(),
      livedMs: this.#lifespan.livedMs(atMs),
    };
    const newHandle = memory.handles.issue(setup.model, remembered, lease);
    this.#outbox.send({ sessionResumptionUpdate: { newHandle, resumable: true } });
  }

  #violate(rule: string, what: string, atMs: number): void {
    this.#options.violations.add({ atMs, rule, what });
  }
}
