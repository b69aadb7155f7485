/** From the client's end of a turn, or from the end of speech where the service detects that, to the first audio (GM-VAD-7). */
const measuredMs = {
  manual: { incomplete: 750, complete: 2_200 },
  automatic: { incomplete: 1_180, complete: 2_350 },
};

/** What a caller's turn tells of how soon it is answered. */
interface AnsweredTurn {
  /** The words of the caller. */
  readonly heard: string;
  readonly isManual: boolean;
  /** Silence that the service has waited for already, in ms. */
  readonly silenceMs: number;
  /** Whether the model has tools to think about. */
  readonly hasTools: boolean;
}

/** How long the model thinks about what was said, in ms. A phrase is complete when it ends as a sentence does. */
export function phraseLatencyMs({ heard, isManual, silenceMs, hasTools }: AnsweredTurn): number {
  const isComplete = /[.!?]$/.test(heard.trim());
  // Nobody has measured complete phrases without tools: as soon as the others.
  const phrase = isComplete && hasTools ? 'complete' : 'incomplete';
  return isManual ? measuredMs.manual[phrase] : Math.max(0, measuredMs.automatic[phrase] - silenceMs);
}
