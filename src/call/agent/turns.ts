/**
 * How long after an interruption audio is still taken for the interrupted turn's. The service may send some messages more, with
 * no id that tells turns apart (GM-TURN-2); a new answer cannot come so soon, because the caller must first stop speaking.
 */
const staleMs = 400;

/**
 * Whose turn it is, as far as the model says.
 *
 * `generationComplete` comes early, `turnComplete` when the model believes that its audio has been played, and either may be
 * missing (GM-TURN-1, GM-TURN-2). So the first of the two ends the generation, and what the caller still hears is the playout's
 * business.
 */
export class Turns {
  #state: 'idle' | 'generating' | 'generated' = 'idle';
  #staleUntilMs = -1;

  get isGenerating(): boolean {
    return this.#state === 'generating';
  }

  get isGenerated(): boolean {
    return this.#state === 'generated';
  }

  /** The model sends audio. Returns what it is: late audio of an interrupted turn, the first of a reply, or more of it. */
  audioArrived(nowMs: number): 'stale' | 'first' | 'more' {
    if (nowMs < this.#staleUntilMs) return 'stale';
    const first = this.#state !== 'generating';
    this.#state = 'generating';
    return first ? 'first' : 'more';
  }

  isStale(nowMs: number): boolean {
    return nowMs < this.#staleUntilMs;
  }

  interrupted(nowMs: number): void {
    this.#state = 'idle';
    this.#staleUntilMs = nowMs + staleMs;
  }

  /** We stop the agent, of which the model knows nothing: of a reply that is generated nothing more can come. */
  stopped(nowMs: number): void {
    if (this.isGenerating) return this.interrupted(nowMs);
    this.#state = 'idle';
  }

  /** The model has generated its whole reply. Returns whether that is news. */
  generationCompleted(): boolean {
    if (this.#state !== 'generating') return false;
    this.#state = 'generated';
    return true;
  }

  /** The model's turn is over. Returns whether that ends a generation which nothing ended before. */
  turnCompleted(nowMs: number): boolean {
    if (this.isStale(nowMs)) {
      // This ends the interrupted turn: what comes next is new.
      this.#staleUntilMs = -1;
      return false;
    }
    return this.generationCompleted();
  }

  /** The caller has heard the whole reply. */
  replyHeard(): void {
    this.#state = 'idle';
  }
}
