import type { Agenda } from '../agenda.ts';
import { seededRandom } from '../../seeded-random.ts';
import type { History } from '../history.ts';
import type { Outbox } from '../outbox.ts';
import type { Setup } from '../protocol/setup-message.ts';
import { declarations } from '../protocol/setup-rules.ts';
import type { SetupRules } from '../protocol/setup-rules.ts';
import type { ToolLedger } from '../protocol/tool-ledger.ts';
import type { SessionScript } from '../script/script.ts';
import type { InstantStep } from '../script/turn.ts';
import type { ScriptedTurn, TurnSupply } from '../script/turn-supply.ts';
import type { ServiceMemory } from '../service-memory.ts';
import { phraseLatencyMs } from './answer-latency.ts';
import { AudioIntake } from './audio-intake.ts';
import type { AudioOutcome } from './audio-intake.ts';
import type { ModelVoice } from '../speech/model-voice.ts';
import { OverlapHearing } from './overlap-hearing.ts';
import type { Overlap, OverlapMoment } from './overlap-hearing.ts';
import type { SpeechEdge } from './speech-detector.ts';
import { planHearing } from '../speech/speech-plan.ts';
import type { UsageMeter } from '../usage-meter.ts';
import type { ViolationList } from '../violation-list.ts';

/** What the caller's turns share with the rest of the session. */
interface CallerTurnsParts {
  readonly setup: Setup;
  readonly rules: SetupRules;
  readonly script: SessionScript;
  readonly outbox: Outbox;
  readonly agenda: Agenda<InstantStep>;
  readonly supply: TurnSupply;
  readonly ledger: ToolLedger;
  readonly meter: UsageMeter;
  readonly history: History;
  readonly violations: ViolationList;
  readonly memory: ServiceMemory;
  /** The number of the session. */
  readonly session: number;
  /** The model's own voice, which is made later. */
  readonly voice: () => ModelVoice;
}

const activityTypes = { started: 'ACTIVITY_START', ended: 'ACTIVITY_END' } as const;
/** What the model believes to have heard where there was next to nothing. */
const inventedWords = 'Thank you very much, that is all.';
/** So far apart are the seeds of the sessions of a call. */
const sessionSeeds = 7_919;

/** The caller's side of the conversation: where a turn of the caller begins and ends, and the answer that it gets. */
export class CallerTurns {
  readonly audio: AudioIntake;
  readonly #parts: CallerTurnsParts;
  /** Null for a model that stops for whatever is loud, and where the client marks the turns. */
  readonly #overlaps: OverlapHearing | null;
  #billedSpeechMs = 0;
  /** Speech so far when the client began its turn. */
  #startSpeechMs = 0;
  /** Content without `turnComplete` leaves the client's turn open, and the caller is not heard (GM-CONTENT-1). */
  #isContentOpen = false;

  constructor(parts: CallerTurnsParts) {
    this.#parts = parts;
    const { setup, script, memory, session } = parts;
    this.audio = new AudioIntake(setup, script);
    const { turnTaking, sounds, seed } = script;
    this.#overlaps =
      turnTaking === null || this.audio.isManual
        ? null
        : new OverlapHearing(turnTaking, sounds, () => memory.callerSound, seededRandom(seed + sessionSeeds * session));
  }

  get isSpeaking(): boolean {
    return this.audio.isSpeaking && this.#overlaps?.isIgnored !== true;
  }

  /** What the model made of the caller's speech over its own. */
  get overlaps(): readonly Overlap[] {
    return this.#overlaps?.decided ?? [];
  }

  /** The client has left its turn open by a text, or has closed it. */
  leaveContentOpen(isOpen: boolean): void {
    this.#isContentOpen = isOpen;
  }

  /** Follows what came of a piece of audio. */
  follow(outcome: AudioOutcome, atMs: number): void {
    if ('close' in outcome) return this.#parts.outbox.close(outcome.close);
    for (const edge of outcome.edges) this.#turnEdge(edge, atMs);
    if (this.#overlaps?.advance(this.#moment(atMs)) === true) this.#cutOff(atMs);
    // What waits for the caller's end need not wait for a sound that is nothing to the model.
    if (this.#overlaps?.isIgnored === true) this.#parts.voice().beginWaiting(atMs);
  }

  /** Takes the client's own start or end of a turn (GM-VAD-6, GM-VAD-7). */
  mark(edge: SpeechEdge, atMs: number): void {
    const { outbox, rules } = this.#parts;
    const outcome = this.audio.mark(edge);
    if ('close' in outcome) return outbox.close(outcome.close);
    if (rules.tellsVoiceActivity) outbox.send({ voiceActivity: { type: activityTypes[edge] } });
    if (this.#isContentOpen) return;
    if (edge === 'started') this.#activityStarted(atMs);
    else this.#activityEnded(atMs);
  }

  /** Begins the next turn of the script. If the caller asked for it, what was heard is transcribed first (GM-TURN-3): the
   * script's words, or `invented` ones. */
  answerNext(asked: 'caller' | 'nobody' | { readonly text: string }, atMs: number, invented?: string): void {
    const { supply, history, voice } = this.#parts;
    const scripted = supply.take(typeof asked === 'string' ? null : asked.text);
    if (scripted === null) return;
    if (asked !== 'caller') return voice().begin(scripted, atMs);
    // A noise is answered, if it is taken for speech, but there is nothing to write down of it (GM-TURN-3).
    const said = this.#overlaps?.isWordless === true ? '' : scripted.whole.heard;
    const heard = invented ?? said ?? '';
    history.add('caller', heard, atMs);
    for (let times = scripted.rendition.heardTimes; times > 0; times -= 1) this.#transcribe(heard, atMs);
    voice().begin(this.#timed(scripted, heard), atMs);
  }

  /** The turn with the latency that follows from what was heard, where the script wants that. */
  #timed(scripted: ScriptedTurn, heard: string): ScriptedTurn {
    const { setup, script } = this.#parts;
    const { rendition } = scripted;
    if (!script.answersByPhrase || rendition.turn === null || rendition.turn.latencyMs !== undefined) return scripted;
    const { isManual, silenceMs } = this.audio;
    const latencyMs = phraseLatencyMs({ heard, isManual, silenceMs, hasTools: declarations(setup).length > 0 });
    return { ...scripted, rendition: { ...rendition, turn: { ...rendition.turn, latencyMs } } };
  }

  #activityStarted(atMs: number): void {
    this.#startSpeechMs = this.audio.heardSpeechMs;
    const { setup, rules, script, voice } = this.#parts;
    if (setup.realtimeInputConfig?.activityHandling === 'NO_INTERRUPTION') return;
    const { activity } = voice();
    if (activity === 'generating' && (script.activityStart ?? rules.activityStart) === 'isIgnored') return;
    if (activity === 'playing' && script.activityBehindGeneration !== 'interrupts') return voice().leave();
    voice().cutOff('caller', atMs);
  }

  #activityEnded(atMs: number): void {
    const { script, violations, voice } = this.#parts;
    const wasLeft = voice().tellLeft(atMs);
    const speechMs = this.audio.heardSpeechMs - this.#startSpeechMs;
    if (speechMs < script.inventsBelowMs) {
      violations.add({ atMs, rule: 'GM-VAD-7', what: `a turn held ${speechMs} ms of speech` });
      this.#callerTurnEnded(atMs, inventedWords);
    } else if (!wasLeft || script.activityBehindGeneration !== 'swallows') {
      this.#callerTurnEnded(atMs);
    }
    voice().beginWaiting(atMs);
  }

  #turnEdge(edge: SpeechEdge, atMs: number): void {
    const { rules, outbox } = this.#parts;
    if (rules.tellsVoiceActivity) outbox.send({ voiceActivity: { type: activityTypes[edge] } });
    if (this.#isContentOpen) return;
    if (edge === 'ended') this.#soundEnded(atMs);
    else if (this.#overlaps?.began(this.#moment(atMs)) !== false) this.#cutOff(atMs);
  }

  #soundEnded(atMs: number): void {
    const fate = this.#overlaps?.ended(this.#moment(atMs)) ?? 'answersLate';
    if (fate === 'stops') this.#cutOff(atMs);
    if (fate !== 'unheard') this.#callerTurnEnded(atMs);
    this.#parts.voice().beginWaiting(atMs);
  }

  #cutOff(atMs: number): void {
    const { setup, voice } = this.#parts;
    if (setup.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION') voice().cutOff('caller', atMs);
  }

  #moment(atMs: number): OverlapMoment {
    const { positionMs, speechMs } = this.audio;
    return { atMs, positionMs, speechMs, isModelHeard: this.#parts.voice().isHeard(atMs) };
  }

  #callerTurnEnded(atMs: number, invented?: string): void {
    const { meter, ledger, violations } = this.#parts;
    meter.readSpeech(this.audio.speechMs - this.#billedSpeechMs);
    this.#billedSpeechMs = this.audio.speechMs;
    const forgotten = ledger.forgotten(atMs);
    if (forgotten.length === 0) return this.answerNext('caller', atMs, invented);
    // GM-TOOL-3: a session with an unanswered call does not hear the caller any more.
    violations.add({ atMs, rule: 'GM-TOOL-3', what: `no answer to ${forgotten.join(', ')}` });
  }

  #transcribe(heard: string, atMs: number): void {
    const { setup, rules, script, agenda } = this.#parts;
    if (setup.inputAudioTranscription === undefined && !rules.transcribesUnasked.includes('input')) return;
    for (const { afterMs, text } of planHearing(heard, script.heardMs)) {
      agenda.add(atMs + afterMs, { send: { serverContent: { inputTranscription: { text } } } });
    }
  }
}
