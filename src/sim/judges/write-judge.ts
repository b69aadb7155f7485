import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { ToolCall } from '../../call/tooling/tool-call.ts';
import type { ToolTerms } from '../../call/tooling/tool-terms.ts';

/** Sound of the caller that is no click: as much as a short "yes", and well above the noise of any scenario. */
const spokenFramesMin = 6;
const frameBytes = 160;
const spokenBytesMin = 80;

/** How far a write has come, as a careful observer can tell. `told`: it is known, and the model's service has kept that. */
type Course = 'begun' | 'known' | 'told';

/** What the caller was asked about, and what was heard since. */
interface Question {
  readonly wish: string;
  /** The agent has said something since, and the caller was sent something since that. */
  agent: 'silent' | 'speaks' | 'isHeard';
  callerFrames: number;
}

/**
 * Judges what tools of a call are really run, by whichever process: nothing that was not declared, nothing twice for one intent, nothing
 * without the yes that it wants. It follows the steps of the call from outside, by rules of its own.
 */
export class WriteJudge {
  readonly #terms: Readonly<Record<string, ToolTerms>>;
  readonly #courses = new Map<string, Course>();
  readonly #wishes = new Map<string, string>();
  readonly #keys = new Set<string>();
  readonly #questions = new Map<string, Question>();
  /** The wishes whose run was ordered after a yes, and has not begun. */
  readonly #confirmed = new Set<string>();

  constructor(terms: Readonly<Record<string, ToolTerms>>) {
    this.#terms = terms;
  }

  /** One step of the call, by the process that has it. */
  step(event: CallEvent, effects: readonly CallEffect[]): void {
    this.#take(event, effects);
    if (effects.some(({ type }) => type === 'stream.media')) this.#soundWent();
  }

  #take(event: CallEvent, effects: readonly CallEffect[]): void {
    switch (event.type) {
      case 'model.resumptionUpdated':
        if (event.resumable && event.handle !== null) this.#covered();
        return;
      case 'model.toolCalled':
        return this.#called(event.calls, effects);
      case 'tool.finished':
        return this.#ended(event.id);
      case 'tool.failed':
        // After any other fault the tool may have done its work.
        if (event.fault === 'tool.refused' || event.fault === 'tool.notRecorded') this.#ended(event.id);
        return;
      case 'model.audio':
        return this.#agentSpoke();
      case 'stream.media':
        if (this.#questions.size > 0) this.#heard(event.audio);
        return;
      default:
    }
  }

  /** Whether a tool changes something outside of the call, as far as it is declared. */
  isWrite(name: string): boolean {
    return Object.hasOwn(this.#terms, name) && this.#terms[name]?.effect === 'write';
  }

  /** A process runs a tool. Returns what must not be, in words; null if it may. */
  run(call: Pick<ToolCall, 'name' | 'args'>, key: string): string | null {
    const { name } = call;
    const terms = Object.hasOwn(this.#terms, name) ? this.#terms[name] : undefined;
    if (terms === undefined) return `a tool was run that nobody declared (${name})`;
    if (terms.effect !== 'write') return null;
    const wish = wishOf(call);
    const before = this.#courses.get(wish) ?? 'told';
    this.#courses.set(wish, 'begun');
    if (before !== 'told') return `a write was run twice for one intent (${name}, ${before})`;
    if (this.#keys.has(key)) return `two writes had the same key (${name})`;
    this.#keys.add(key);
    return terms.confirm && !this.#confirmed.delete(wish) ? `a write was run without the caller's yes (${name})` : null;
  }

  #called(calls: readonly ToolCall[], effects: readonly CallEffect[]): void {
    const ordered = new Set(effects.flatMap((effect) => (effect.type === 'tool.run' ? [effect.call.id] : [])));
    for (const call of calls) {
      const wish = wishOf(call);
      if (ordered.has(call.id)) {
        this.#wishes.set(call.id, wish);
        if (this.#takeYes(call.name, wish)) this.#confirmed.add(wish);
      } else if (!this.#isUnderWay(wish) && this.#questions.get(call.name)?.wish !== wish)
        this.#questions.set(call.name, { wish, agent: 'silent', callerFrames: 0 });
    }
  }

  /** Whoever asks again for what runs or is known gets its result, and is not told to ask the caller. */
  #isUnderWay(wish: string): boolean {
    return this.#confirmed.has(wish) || (this.#courses.get(wish) ?? 'told') !== 'told';
  }

  #ended(id: string): void {
    const wish = this.#wishes.get(id);
    if (wish !== undefined && this.#courses.get(wish) === 'begun') this.#courses.set(wish, 'known');
  }

  #covered(): void {
    for (const [wish, course] of this.#courses) if (course === 'known') this.#courses.set(wish, 'told');
  }

  #agentSpoke(): void {
    for (const question of this.#questions.values()) if (question.agent === 'silent') question.agent = 'speaks';
  }

  #soundWent(): void {
    for (const question of this.#questions.values()) if (question.agent === 'speaks') question.agent = 'isHeard';
  }

  #heard(audio: Uint8Array): void {
    // Frames that came together are one event.
    for (let at = 0; at < audio.length; at += frameBytes) {
      // The exponent of mu-law tells the loudness: from −38 dBFS on.
      const frame = audio.subarray(at, at + frameBytes);
      const loudBytes = frame.reduce((count, byte) => count + ((~byte & 0x70) >= 0x20 ? 1 : 0), 0);
      if (loudBytes < spokenBytesMin) continue;
      for (const question of this.#questions.values()) if (question.agent === 'isHeard') question.callerFrames += 1;
    }
  }

  #takeYes(name: string, wish: string): boolean {
    const question = this.#questions.get(name);
    this.#questions.delete(name);
    return question?.wish === wish && question.callerFrames >= spokenFramesMin;
  }
}

function wishOf({ name, args }: Pick<ToolCall, 'name' | 'args'>): string {
  return `${name} ${JSON.stringify(sorted(args))}`;
}

/** Objects as lists of pairs in the order of their keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, member]) => ({ key, member: sorted(member) }))
    .toSorted((one, other) => one.key.localeCompare(other.key, 'en'));
}
