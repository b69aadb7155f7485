/** What the process of the healthy peers is told. */
export type PeersOrder =
  /** Place the healthy call with the service on this port. */
  | { readonly order: 'call'; readonly port: number }
  /** Count from here on. */
  | { readonly order: 'measure' }
  | { readonly order: 'report' };

/** What it says. With `attackerSession` comes a connection of a model session that belongs to an attacker's call. */
export type PeersNews =
  | { readonly news: 'listening'; readonly modelUrl: string }
  /** Frames go both ways. */
  | { readonly news: 'talking' }
  | { readonly news: 'callFailed'; readonly why: string }
  | { readonly news: 'measured'; readonly health: CallHealth }
  | { readonly news: 'attackerSession' };

/** How the healthy call did in a span of time. */
export interface CallHealth {
  /** How long messages were on their way through Parley, in ms: frames both ways, and from an interruption to its `clear`. */
  readonly tripsMs: readonly number[];
  /** Frames that never came, both ways. */
  readonly lost: number;
  /** What broke, in words; empty when nothing did. */
  readonly broken: string;
  /** How late the peers' own process was at the 99th percentile, in ms. */
  readonly lateMs: number;
}
