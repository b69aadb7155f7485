import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { Feeder } from '../agent/feeder.ts';

/** What the filters held back of the words before comes out behind them, and asks nothing: less than 20 ms. */
const tailBytesMax = 20 * mulawBytesPerMs;

/** What the caller is being asked about. */
interface Asking {
  readonly wish: string;
  /** The agent was heard since, and the caller since that. */
  heard: 'nothing' | 'question' | 'answer';
  /** How many bytes of words the agent had said by then: what comes behind them may be the question. */
  saidBytes: number | null;
  questionMs: number;
  /** A resumed session knows that it has to ask; a fresh one never does. */
  isCovered: boolean;
}

/**
 * What the caller must be asked before a tool acts. A wish is confirmed when words have gone out that the model said after it was told to ask,
 * and the caller has spoken after that. What was said is the model's to judge; that it was said is not. One question a tool: other arguments begin anew.
 */
export class Confirmations {
  /** By the name of the tool. The settings bound how many can be asked about. */
  readonly #asked = new Map<string, Asking>();

  /** Whether the caller was asked about this wish and has spoken since. */
  isGiven(tool: string, wish: string): boolean {
    const asking = this.#asked.get(tool);
    return asking?.wish === wish && asking.heard === 'answer';
  }

  /** The model was told to ask. To be told so again about the same wish changes nothing. */
  ask(tool: string, wish: string): void {
    if (this.#asked.get(tool)?.wish !== wish)
      this.#asked.set(tool, { wish, heard: 'nothing', saidBytes: null, questionMs: 0, isCovered: false });
  }

  /** The tool acts: the next wish is asked about again. */
  used(tool: string): void {
    this.#asked.delete(tool);
  }

  /** After each event: how many bytes of words the agent has said, and how far into these what was sent reaches. What was dropped asks nothing. */
  agentSpoke({ saidBytes, begunBytes }: Pick<Feeder, 'saidBytes' | 'begunBytes'>, nowMs: number): void {
    for (const asking of this.#asked.values()) {
      asking.saidBytes ??= saidBytes;
      if (asking.heard !== 'nothing' || begunBytes <= asking.saidBytes + tailBytesMax) continue;
      asking.heard = 'question';
      asking.questionMs = nowMs;
    }
  }

  /** The caller speaks, and began to at `sinceMs`: what began before the question is no answer to it. */
  callerSpoke(sinceMs: number): void {
    for (const asking of this.#asked.values())
      if (asking.heard === 'question' && sinceMs >= asking.questionMs) asking.heard = 'answer';
  }

  /** The service has kept everything up to now. */
  covered(): void {
    for (const asking of this.#asked.values()) asking.isCovered = true;
  }

  /**
   * The next session may not have heard what the caller answered, so an answer counts no more. What it does not know that it had to ask is
   * asked about from the beginning.
   */
  sessionLost(): void {
    for (const [tool, asking] of this.#asked) {
      if (!asking.isCovered) this.#asked.delete(tool);
      else if (asking.heard === 'answer') asking.heard = 'question';
    }
  }

  /** A session is there that knows of nothing that it had to ask. */
  begunAnew(): void {
    this.#asked.clear();
  }
}
