/** What the process of the calls is told to do. */
export type LoadOrder =
  /** Has so many more calls placed at this port; answered by `talking` or `failed`. */
  | { readonly order: 'place'; readonly port: number; readonly count: number }
  /** Counts from here on. */
  | { readonly order: 'measure' }
  /** Answered by `measured`. */
  | { readonly order: 'report' };

/** How long messages were on their way, in ms. */
export interface Trips {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly count: number;
}

/** What both ends of the calls saw. */
export interface LoadReport {
  /** From the caller to the model, from the model to the caller, and from an interruption to its `clear`. */
  readonly up: Trips;
  readonly down: Trips;
  readonly clear: Trips;
  /** Interruptions without a `clear`. */
  readonly unclear: number;
  /** Milliseconds of audio that the models got for each that the callers spoke: of the call with the least, the median, and the most. */
  readonly heard: { readonly min: number; readonly median: number; readonly max: number };
  /** How late the timers of this process were, the 99th percentile. */
  readonly lateMs: number;
  /** Model sessions that the bridge replaced. */
  readonly sessionsLost: number;
  /** Calls that broke, and why the first one did. */
  readonly broken: number;
  readonly why: string;
}

export type LoadNews =
  | { readonly news: 'listening'; readonly modelUrl: string }
  | { readonly news: 'talking' }
  | { readonly news: 'failed'; readonly why: string }
  | ({ readonly news: 'measured' } & LoadReport);
