/** What the process of the calls is told to do. */
export type LoadOrder =
  /** Has so many more calls placed at this port; answered by `talking` or `failed`. */
  | { readonly order: 'place'; readonly port: number; readonly count: number }
  /** Counts from here on. */
  | { readonly order: 'measure' }
  /** Answered by `measured`. */
  | { readonly order: 'report' }
  /** Has calls come in, evenly, each of which lasts so long unless it is refused; answered by `surged` when the last has hung up. */
  | ({ readonly order: 'surge'; readonly port: number } & SurgeShape);

/** A time in which more calls come in than a bridge can carry. */
export interface SurgeShape {
  readonly callsPerSecond: number;
  /** How long calls come in. */
  readonly lastsMs: number;
  /** How long each call lasts. */
  readonly callMs: number;
}

/** How long messages were on their way, in ms. */
export interface Trips {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly count: number;
}

/** The call with the least, the median, and the most. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What both ends of the calls saw. */
export interface LoadReport {
  /** From the caller to the model, from the model to the caller, and from an interruption to its `clear`. */
  readonly up: Trips;
  readonly down: Trips;
  readonly clear: Trips;
  /** Interruptions without a `clear`. */
  readonly unclear: number;
  /** Milliseconds of audio that the models got for each that the callers spoke. */
  readonly heard: Spread;
  /** How late the timers of this process were, the 99th percentile. */
  readonly lateMs: number;
  /** Model sessions that the bridge replaced. */
  readonly sessionsLost: number;
  /** How often a bridge took a model for silent and asked it to say something. */
  readonly nudges: number;
  /** Calls that broke, and why the first one did. */
  readonly broken: number;
  readonly why: string;
}

/** What became of the calls of a surge. */
export interface SurgeReport {
  readonly taken: number;
  readonly refused: number;
  /** Callers who got no answer, or one that Twilio would not understand. */
  readonly unanswered: number;
  /** How long it took until a caller was refused. */
  readonly refusals: Trips;
  /** Of the calls that were taken, once they were greeted. */
  readonly heard: Spread;
  readonly clear: Trips;
  readonly unclear: number;
  readonly sessionsLost: number;
  readonly broken: number;
  readonly why: string;
}

export type LoadNews =
  | { readonly news: 'listening'; readonly modelUrl: string }
  | { readonly news: 'talking'; readonly count: number }
  | { readonly news: 'failed'; readonly why: string }
  | ({ readonly news: 'measured' } & LoadReport)
  | ({ readonly news: 'surged' } & SurgeReport);
