import type { LatenessFigures } from '../../siege/lateness.ts';
import type { SeenCall, SeenSession } from '../judge/round-facts.ts';

/** What the process of the callers is told to do. */
export type CallerEndOrder =
  /** Opens the REST interface of Twilio, with key and certificate for its name in PEM files; answered by `listening`. */
  | { readonly order: 'open'; readonly keyFile: string; readonly certFile: string }
  /** Begins to call the fleet at this address, and keeps so many calls going; answered by `begun`. */
  | { readonly order: 'begin'; readonly target: string; readonly calls: number; readonly seed: number }
  /** Answered by `talking`. */
  | { readonly order: 'count' }
  /** Everybody hangs up; answered by `called` when the phone network has no more to do. */
  | { readonly order: 'end' };

export type CallerEndNews =
  /** The address of a proxy for what goes to Twilio. */
  | { readonly news: 'listening'; readonly proxyUrl: string }
  | { readonly news: 'begun' }
  | { readonly news: 'talking'; readonly count: number }
  /** `late`: the timers of this process. */
  | { readonly news: 'called'; readonly calls: readonly SeenCall[]; readonly late: LatenessFigures };

/** What the process of the model is told to do. */
export type ModelEndOrder =
  /** Answered by `listening`. */
  | { readonly order: 'open' }
  /** Answered by `led`. */
  | { readonly order: 'report' };

export type ModelEndNews =
  | { readonly news: 'listening'; readonly modelUrl: string }
  | { readonly news: 'led'; readonly sessions: readonly SeenSession[]; readonly late: LatenessFigures };
