import type { Call } from '../../call/call.ts';
import type { CallEffect, EndReason } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { InvariantWatch } from '../../call/invariants.ts';
import type { MulawCodec } from '../../audio/mulaw.ts';
import type { CarrierNote } from '../carrier/carrier-events.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { ServiceEffect } from '../world/service-machine.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { connectedUnasked, mayBeCalled } from './acceptance.ts';
import { AdmissionJudge } from './admission-judge.ts';
import { ModelSessionJudge } from './model-session-judge.ts';
import { Parting } from './parting.ts';
import { RingingJudge } from './ringing-judge.ts';
import { PlayedSoundJudge } from './sound/played-sound-judge.ts';
import { SoundJudges } from './sound/sound-judges.ts';
import { ToolAnswers } from './tool-answers.ts';
import { WriteJudge } from './write-judge.ts';
import { explainsEnd, explainsProblem } from './explanations.ts';

/** How long one side may go on once the other has ended: the longest prompt and the longest wait for a webhook fit into it. */
const farewellMsMax = 25_000;

/** What has an effect outside waits this long for the store to say that the call is still this process's, and then no longer. */
const settledMsMax = 1_000;

/** Twilio's code for a status callback that was not answered with success. */
const callStatusLost = 15003;

/** What must hold for a whole simulated call: the invariants of the call after every step, and what only both sides together can show. */
export class WorldWatch {
  readonly #scenario: WorldScenario;
  readonly #faults: FaultPlan;
  #invariants = new InvariantWatch();
  readonly ringing: RingingJudge;
  readonly #admission: AdmissionJudge;
  readonly #broken: string[] = [];
  readonly #notes: CarrierNote[] = [];
  readonly #writes: WriteJudge;
  readonly #answers: ToolAnswers;
  readonly #sound: SoundJudges;
  readonly #played: PlayedSoundJudge;
  readonly #session: ModelSessionJudge;
  readonly #parting = new Parting();
  /** What the service knows of the call: a fresh one knows nothing until the call comes to it, and then begins its own tally. */
  #knows: 'nothing' | 'theCall' | 'nothingAnyMore' = 'nothing';
  #endReason: EndReason | null = null;
  #endedAtMs: number | null = null;
  #carrierEndedAtMs: number | null = null;

  constructor(scenario: WorldScenario, faults: FaultPlan, codec: MulawCodec, isScripted: boolean) {
    this.#scenario = scenario;
    this.#faults = faults;
    const broken = (sentence: string): void => this.#must(false, sentence);
    this.#admission = new AdmissionJudge(scenario, faults, broken);
    this.ringing = new RingingJudge(scenario, faults, broken);
    this.#session = new ModelSessionJudge(scenario.settings.model, broken);
    this.#writes = new WriteJudge(scenario.settings.tools);
    this.#answers = new ToolAnswers(scenario.settings.tools, faults);
    this.#sound = new SoundJudges(faults, codec, isScripted);
    this.#played = new PlayedSoundJudge(faults);
  }

  /** What does not hold, in words; empty while all is well. */
  get broken(): readonly string[] {
    return this.#broken;
  }

  /** Why the call ended, as the service says; null while it lives. */
  get endReason(): EndReason | null {
    return this.#endReason;
  }

  /** A webhook comes to a process. */
  requested(request: { readonly id: number; readonly path: string }, atMs: number): void {
    this.ringing.requested(request, atMs);
    this.#admission.requested(request, atMs);
  }

  /** One step of the call. `playedBytes`: what the phone network has played to the caller by this moment. */
  step(event: CallEvent, effects: readonly CallEffect[], call: Call, playedBytes: number, atMs: number): void {
    this.#broken.push(...this.#invariants.observe(event, effects, call));
    for (const effect of effects) {
      if (effect.type !== 'call.end') continue;
      // A process that ends may not have written so, and the next one notes an end of its own.
      this.#endReason ??= effect.reason;
      this.#endedAtMs ??= atMs;
    }
    if (this.#knows === 'nothingAnyMore') this.#beginAccount(event, call, playedBytes);
    this.#knows = 'theCall';
    this.ringing.step(effects);
    this.#parting.step(effects);
    if (event.type === 'call.received') this.#admission.taken();
    const session = this.#session;
    const hasEnded = this.#endReason !== null;
    session.step(event, effects, hasEnded);
    this.#writes.step(event, effects);
    for (const sentence of this.#answers.step(event, effects, session.isOpen)) this.#must(false, sentence);
    if (effects.some(({ type }) => type === 'model.close')) session.closed();
    const { isOpen: isModelHere, hasGreeted } = session;
    const state = { isModelHere, hasGreeted, hasEnded, playedBytes: this.#played.playedHere(playedBytes) };
    for (const sentence of this.#sound.step(event, effects, call, state)) this.#must(false, sentence);
    this.#broken.push(...this.#played.step(event, effects, call.tally.agent, playedBytes));
  }

  /** The process is gone or stands still, and another one that knows nothing of the call follows. */
  serviceReplaced(): void {
    if (this.#knows === 'nothingAnyMore') return;
    this.#invariants = new InvariantWatch();
    this.#session.closed();
    this.#answers.forget();
    this.#played.processReplaced();
    this.#knows = 'nothingAnyMore';
  }

  /**
   * A process whose call another one has taken over does something. What has an effect outside of it is forbidden, if the store says in
   * time who has the call: after the entry that it is writing, and the next.
   */
  #displaced(effect: ServiceEffect, atMs: number): void {
    const { type } = effect;
    // A look-up that broke off is made again without asking the store.
    const hasEffect = type === 'rest.update' || (type === 'tool.run' && this.#writes.isWrite(effect.name));
    const storeMs = this.#faults.storeMs(atMs) ?? Infinity;
    this.#must(!hasEffect || 2 * storeMs >= settledMsMax, `a process acted for a call that another one has (${type})`);
  }

  /** A process does something; `isDisplaced`: for a call that another one has. */
  acts(effect: ServiceEffect, isDisplaced: boolean, atMs: number): void {
    const objection = effect.type === 'tool.run' ? this.#writes.run(effect, effect.key) : null;
    if (objection !== null) this.#must(false, objection);
    if (isDisplaced) this.#displaced(effect, atMs);
  }

  /** What the fresh service counts from here on. It may have kept its tally, or not. */
  #beginAccount(event: CallEvent, call: Call, playedBytes: number): void {
    this.#sound.begin(event, call);
    this.#played.begin(call.tally.agent, playedBytes);
  }

  note(note: CarrierNote): void {
    this.#notes.push(note);
    if (note.kind === 'stream.ended') this.#sound.streamEnded();
    if (note.kind === 'call.ended') this.#carrierEndedAtMs = note.atMs;
    if (note.kind === 'dial.started')
      this.#must(
        mayBeCalled(note.to, this.#scenario.settings),
        `somebody was called who is no destination (${note.to})`,
      );
    if (note.kind === 'problem') {
      this.#must(
        explainsProblem(this.#faults, note.code),
        `Twilio reports ${note.code} (${note.meaning}: ${note.detail})`,
      );
    }
  }

  /** What one side still does although the other has ended long ago. */
  checkFarewell(atMs: number): void {
    const endedAtMs = this.#endedAtMs;
    const carrierEndedAtMs = this.#carrierEndedAtMs;
    if (carrierEndedAtMs === null) {
      this.#must(endedAtMs === null || atMs - endedAtMs <= farewellMsMax, 'the caller is left behind by an ended call');
    } else if (
      endedAtMs === null &&
      this.#knows === 'theCall' &&
      !this.#faults.hasBroken &&
      !this.#faults.has('webhookLost') &&
      !this.#mayMissTheEnd
    ) {
      this.#must(atMs - carrierEndedAtMs <= farewellMsMax, 'the call outlives its caller');
    }
  }

  /** Whether the news of the call's end did not arrive, or may have come to a process that could not take the call over just then. */
  get #mayMissTheEnd(): boolean {
    const isLost = this.#notes.some((note) => note.kind === 'problem' && note.code === callStatusLost);
    return this.#faults.hasOutage && (isLost || this.#faults.has('storeFails', 'storeSlow'));
  }

  /** Something threw, and where. */
  crashed(error: unknown): void {
    const [what, ...frames] = error instanceof Error ? (error.stack?.split('\n') ?? []) : [String(error)];
    this.#broken.push(['it threw', what, ...frames.slice(0, 1).map((frame) => frame.trim())].join(' '));
  }

  /** What must hold once everything is over. */
  checkEnd(modelBroken: readonly string[]): void {
    this.ringing.checkEnd();
    // The session of a process that stands still stays open, and nobody answers its tool calls.
    if (!this.#faults.has('serviceFrozen')) this.#broken.push(...modelBroken);
    this.#broken.push(...connectedUnasked(this.#notes, this.#scenario.settings));
    const ended = this.#notes.find((note) => note.kind === 'call.ended');
    // A call that a service refused may end when that service is gone.
    const isRefused = this.#knows === 'nothing' || (this.#admission.mayRefuse && !this.#session.wasOpened);
    if (ended !== undefined && isRefused && !this.#faults.hasBroken) return this.#admission.refused(ended.reason);
    // A service that was killed in the middle of the call may never hear of it again.
    const isUnheardOf = this.#knows === 'nothingAnyMore' || this.#mayMissTheEnd;
    const endReason = this.#endReason ?? (this.#faults.hasBroken ? 'broken' : isUnheardOf ? 'callerHungUp' : null);
    if (ended === undefined || endReason === null) return void this.#broken.push('the call did not end');
    this.#must(
      endReason === 'broken' || explainsEnd(this.#faults, endReason),
      `the call was given up for no reason (${endReason})`,
    );
    switch (ended.reason) {
      case 'callerHungUp':
        return;
      case 'hangupVerb':
        return this.#checkGoodbye(endReason);
      case 'applicationError':
        return this.#must(
          this.#faults.hasOutage || this.#faults.has('webhookLost', 'webhookLate'),
          'Twilio had to apologise for us',
        );
      default:
        return void this.#broken.push(`the call ended in silence (${ended.reason})`);
    }
  }

  /**
   * A call that broke, or that a process lost, ends with the apology as well, unless somebody had taken the caller already, or its goodbye
   * had been said.
   */
  #checkGoodbye(reason: EndReason | 'broken'): void {
    const apologised = this.#notes.some(
      (note) => note.kind === 'verb.say' && note.text.startsWith(this.#scenario.settings.apology),
    );
    const bridged = this.#notes.some((note) => note.kind === 'dial.ended' && note.bridged);
    if (reason === 'broken' && this.#parting.isOver) return;
    // After hours the agent says itself that a message is taken.
    if (reason === 'leftVoicemail' && this.#scenario.tools.some(({ outcome }) => outcome === 'message')) return;
    if (reason === 'transferred') this.#must(bridged, 'nobody took the transfer');
    else
      this.#must(
        reason === 'agentHungUp' || reason === 'endedByOperator' || apologised || bridged,
        `the caller was hung up on without a word (${reason})`,
      );
  }

  #must(holds: boolean, sentence: string): void {
    if (!holds && !this.#broken.includes(sentence)) this.#broken.push(sentence);
  }
}
