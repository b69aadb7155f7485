import { seededRandom } from '../../seeded-random.ts';
import { earlier } from '../agenda.ts';
import { closeReasons } from '../protocol/close-reasons.ts';
import type { History } from '../history.ts';
import type { Outbox } from '../outbox.ts';
import { LateAudio } from './late-audio.ts';
import { Reply } from './reply.ts';
import type { ReplyOutput } from './reply.ts';
import type { SessionScript } from '../script/script.ts';
import type { ServerContent } from '../protocol/server-message.ts';
import type { SetupRules } from '../protocol/setup-rules.ts';
import type { Clip, SpeechDelivery } from './speech-plan.ts';
import type { OpenCall, Scheduling, ToolLedger } from '../protocol/tool-ledger.ts';
import type { Deafness, InstantStep, ToolRequest } from '../script/turn.ts';
import { turnOfAnswer } from '../script/turn-supply.ts';
import type { ScriptedTurn, TurnSupply } from '../script/turn-supply.ts';
import type { UsageMeter } from '../usage-meter.ts';

/** What the voice shares with the rest of the session. */
export interface ModelVoiceParts {
  readonly script: SessionScript;
  readonly rules: SetupRules;
  readonly clips: ReadonlyMap<string, Clip>;
  readonly delivery: SpeechDelivery;
  readonly outbox: Outbox;
  readonly supply: TurnSupply;
  readonly ledger: ToolLedger;
  readonly meter: UsageMeter;
  readonly history: History;
  /** Nobody talks over the caller. */
  readonly isCallerSpeaking: () => boolean;
  readonly takeStep: (step: InstantStep, atMs: number) => void;
  readonly deafen: (deaf: Deafness) => void;
  /** The model begins to work, or has nothing left to do. */
  readonly reportResumable: (isResumable: boolean, atMs: number) => void;
}

/** Turns that wait until nobody speaks. More of them than any script makes means that the client floods the session. */
const waitingTurnsMax = 20;

/** The model's own voice: one turn at a time, the others waiting, and what becomes of it when something comes between. */
export class ModelVoice {
  readonly #parts: ModelVoiceParts;
  readonly #waiting: ScriptedTurn[] = [];
  readonly #late: LateAudio;
  #reply: Reply | null = null;
  #isMuted = false;
  /** A turn that is over to the caller, of which the client has not been told. */
  #untold: Reply | null = null;

  constructor(parts: ModelVoiceParts) {
    this.#parts = parts;
    const { turnTaking, seed } = parts.script;
    this.#late = new LateAudio(turnTaking?.lateAudio ?? [[1, 0]], seededRandom(~seed));
  }

  nextDeadline(): number | null {
    return earlier(this.#reply?.nextDeadline() ?? null, this.#late.nextDeadline());
  }

  /** Whether the model can be heard: its voice is being sent, or the caller's side must still be playing it. */
  isHeard(atMs: number): boolean {
    return this.#reply?.isHeard(atMs) === true;
  }

  /** Does one thing that is due; false where nothing is. */
  advance(atMs: number): boolean {
    const late = this.#late.next(atMs);
    if (late !== null) this.#parts.outbox.sendContent(late);
    if (late !== null) return true;
    const reply = this.#reply;
    const output = reply?.next(atMs) ?? null;
    if (reply === null || output === null) return false;
    this.#perform(output, reply, atMs);
    return true;
  }

  /** From here on nothing new is begun; what is being said is said to its end. */
  mute(): void {
    this.#isMuted = true;
  }

  begin(scripted: ScriptedTurn, atMs: number): void {
    if (this.#isMuted) return;
    if (this.#reply !== null || this.#parts.isCallerSpeaking()) {
      if (this.#waiting.length < waitingTurnsMax) this.#waiting.push(scripted);
      return;
    }
    const { turn, postponed, deaf } = scripted.rendition;
    if (turn === null) {
      if (postponed !== null) this.#parts.supply.postpone(postponed);
      return this.#parts.deafen(deaf);
    }
    const { script, clips, delivery } = this.#parts;
    const startAtMs = atMs + (turn.latencyMs ?? script.latencyMs);
    this.#reply = new Reply(scripted, turn, clips, delivery, startAtMs);
    this.#parts.reportResumable(false, atMs);
  }

  beginWaiting(atMs: number): void {
    if (this.#reply !== null || this.#parts.isCallerSpeaking()) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.begin(next, atMs);
  }

  /** New input ends what the model is doing: without a trace while it thinks, with an interruption once it has begun. */
  cutOff(by: 'caller' | 'text' | 'toolAnswer', atMs: number): void {
    if (by === 'text') this.#giveBackWaiting();
    const reply = this.#reply;
    this.#reply = null;
    if (reply === null || this.#isMuted) return;
    const { scripted } = reply;
    if (reply.hasBegun) {
      const { postponed, postponedOnlyIfAskedAgain } = scripted.rendition;
      if (postponed !== null && (by === 'text' || !postponedOnlyIfAskedAgain)) this.#parts.supply.postpone(postponed);
      this.#interrupt(reply, atMs);
    } else {
      if (this.#parts.script.interruptsThinking) this.#parts.outbox.sendContent({ interrupted: true });
      if (scripted.askedBy === 'toolAnswer') this.#waiting.unshift(scripted);
      else this.#parts.supply.giveBack(scripted);
    }
  }

  /** A text is answered at once (GM-CONTENT-1), and with it what the caller has said and waits for. */
  #giveBackWaiting(): void {
    const own = this.#waiting.filter(({ askedBy }) => askedBy === 'toolAnswer');
    for (const scripted of this.#waiting) if (scripted.askedBy === 'client') this.#parts.supply.giveBack(scripted);
    this.#waiting.splice(0, this.#waiting.length, ...own);
  }

  /** What the model is doing: while it thinks nothing of its turn has been sent, while it plays everything has. */
  get activity(): 'idle' | 'thinking' | 'generating' | 'playing' {
    if (this.#reply === null) return 'idle';
    if (!this.#reply.hasBegun) return 'thinking';
    return this.#reply.isGenerated ? 'playing' : 'generating';
  }

  /** Leaves a turn that is only played. The client hears of it later, by `tellLeft` (GM-VAD-7). */
  leave(): void {
    this.#untold = this.#reply;
    this.#reply = null;
  }

  /** Tells of the turn that was left, as of an interruption; returns whether there was one. */
  tellLeft(atMs: number): boolean {
    const left = this.#untold;
    this.#untold = null;
    if (left !== null) this.#interrupt(left, atMs);
    return left !== null;
  }

  /** An interruption that nobody caused: what the model was saying ends there (GM-FAULT-1). */
  interruptWithoutCause(atMs: number): void {
    const reply = this.#reply;
    this.#reply = null;
    this.#parts.outbox.sendContent({ interrupted: true });
    if (reply === null) return;
    this.#parts.meter.bill(reply.reported());
    this.#close(reply, atMs);
    this.beginWaiting(atMs);
  }

  /** The answer to a blocking call: its turn goes on. */
  goOn({ id, request }: OpenCall, atMs: number): void {
    this.#reply?.answer(id, request.answered, atMs + this.#parts.script.latencyMs);
  }

  /** A call is made once more. */
  callAgain({ id }: OpenCall, again: OpenCall): void {
    this.#reply?.awaitInstead(id, again.id);
    this.#sendCalls([again]);
  }

  /** GM-TOOL-4: silently, once nobody speaks, or in the middle of the model's own speech but never of the caller's. */
  speakResult(steps: ToolRequest['answered'], scheduling: Scheduling, atMs: number): void {
    const hasNothingToSay = steps.length === 0 && !this.#parts.rules.reportsInteraction;
    if (scheduling === 'SILENT' || hasNothingToSay) return this.#reportIdle(atMs);
    if (scheduling === 'INTERRUPT' && this.#reply?.hasBegun === true) this.cutOff('toolAnswer', atMs);
    this.begin(turnOfAnswer(steps), atMs);
  }

  #perform(output: ReplyOutput, reply: Reply, atMs: number): void {
    switch (output.type) {
      case 'audio':
        this.#late.stop();
        return this.#parts.outbox.sendContent(output.content);
      case 'calls':
        return this.#makeCalls(output.requests, reply, atMs);
      case 'step':
        return this.#parts.takeStep(output.step, atMs);
      case 'generated':
        if (!reply.isReported) this.#parts.outbox.sendContent({ generationComplete: true });
        return;
      case 'over':
        this.#reply = null;
        if (!reply.isReported) this.#completeTurn(reply);
        this.#close(reply, atMs);
        return this.beginWaiting(atMs);
    }
  }

  #makeCalls(wanted: readonly ToolRequest[], reply: Reply, atMs: number): void {
    const { ledger, outbox } = this.#parts;
    const parts = wanted
      .filter((each) => ledger.isOnlyNamed(each))
      .map(({ name }) => ({ text: `I will use ${name}.` }));
    if (parts.length > 0) outbox.sendContent({ modelTurn: { role: 'model', parts } });
    const requests = wanted.filter((each) => !ledger.isOnlyNamed(each));
    if (requests.length === 0) return reply.awaitAnswers([], atMs);
    const calls = requests.map((request) => ledger.make(request, atMs));
    // GM-TURN-1: a model that works in the background ends its turn before it calls, whether it has said anything or not.
    if (this.#parts.rules.reportsInteraction) this.#completeTurn(reply);
    this.#sendCalls(calls);
    const blockingIds = calls.filter(({ behavior }) => behavior === 'BLOCKING').map(({ id }) => id);
    reply.awaitAnswers(blockingIds, atMs);
  }

  #sendCalls(calls: readonly OpenCall[]): void {
    const { namesCalls } = this.#parts.ledger;
    const functionCalls = calls.map(({ id, request: { name, args } }) => ({ ...(namesCalls && { id }), name, args }));
    this.#parts.outbox.send({ toolCall: { functionCalls } });
  }

  /** GM-TURN-2: the order of `interrupted` and `turnComplete` is the script's, and audio may still slip out. */
  #interrupt(reply: Reply, atMs: number): void {
    const { outbox, ledger, meter, script, history } = this.#parts;
    const { interruption, lateMessages } = script;
    if (interruption === 'afterTurnComplete') this.#completeTurn(reply);
    outbox.sendContent({ interrupted: true });
    for (const content of reply.upcoming(lateMessages)) outbox.sendContent(content);
    const unsent = reply.unsent();
    if (unsent !== null) this.#late.begin({ ...unsent, planned: unsent.planned.slice(lateMessages) }, atMs);
    const ids = ledger.cancelBlocking();
    if (ids.length > 0 && ledger.namesCalls) outbox.send({ toolCallCancellation: { ids } });
    if (interruption === 'thenTurnComplete') this.#completeTurn(reply);
    if (interruption === 'alone') meter.bill(reply.reported());
    history.add('model', reply.sentWords, atMs);
    this.#reportIdle(atMs);
  }

  #completeTurn(reply: Reply): void {
    const { outbox, ledger, meter, rules, script } = this.#parts;
    const { turnCompleteReason } = reply.turn;
    const isBusy = ledger.isWaiting || this.#waiting.length > 0;
    const status = rules.reportsInteraction ? ({ interactionStatus: isBusy ? 'IN_PROGRESS' : 'IDLE' } as const) : {};
    const serverContent: ServerContent = {
      turnComplete: true,
      ...(turnCompleteReason !== undefined && { turnCompleteReason }),
      ...(script.interactionStatus === 'inside' && status),
    };
    const beside = script.interactionStatus === 'beside' ? status : {};
    outbox.send({ serverContent, ...beside, usageMetadata: meter.bill(reply.reported()) });
    if (meter.isOverfull) outbox.close(closeReasons.contextExceeded);
  }

  /** A turn that came to its own end. */
  #close({ scripted, sentWords }: Reply, atMs: number): void {
    const { postponed, postponedOnlyIfAskedAgain } = scripted.rendition;
    if (postponed !== null && !postponedOnlyIfAskedAgain) this.#parts.supply.postpone(postponed);
    this.#parts.history.add('model', sentWords, atMs);
    this.#reportIdle(atMs);
  }

  /** GM-RESUME-1: while the model works or waits for a tool, the session cannot be resumed. */
  #reportIdle(atMs: number): void {
    const isIdle = this.#reply === null && this.#waiting.length === 0 && !this.#parts.ledger.isWorking;
    if (isIdle) this.#parts.reportResumable(true, atMs);
  }
}
