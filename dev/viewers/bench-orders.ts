/** What the process of the calls is told. */
export type CallsOrder =
  /** Place so many calls with the service on this port. */
  | { readonly order: 'place'; readonly port: number; readonly count: number }
  /** Have the model of the first call send this. */
  | { readonly order: 'say'; readonly message: string }
  /** Count from here on. */
  | { readonly order: 'measure' }
  | { readonly order: 'report' };

/** What it says. */
export type CallsNews =
  | { readonly news: 'listening'; readonly modelUrl: string }
  /** Frames go both ways on all of them. */
  | { readonly news: 'talking'; readonly callSids: readonly string[] }
  | { readonly news: 'failed'; readonly why: string }
  | {
      readonly news: 'measured';
      readonly p50Ms: number;
      readonly p99Ms: number;
      readonly frames: number;
      /** How many tool calls of the model were answered. */
      readonly answers: number;
      /** The last answer on the first call. */
      readonly lastAnswer: string;
      readonly lateMs: number;
    };

/** What the process of the viewers is told: so many shall watch the board, and so many listen, each to one of the calls. */
export interface ViewersOrder {
  readonly port: number;
  readonly token: string;
  readonly watching: number;
  readonly listening: readonly string[];
}

/** What it says, once they all watch and listen, and when it is asked again, how much they got. */
export interface ViewersNews {
  readonly news: 'ready';
  readonly bytesBefore: number;
}
