import type { CloseFrame } from './protocol/close-reasons.ts';
import type { HistoryEntry } from './history.ts';
import type { Overlap } from './hearing/overlap-hearing.ts';
import type { SpeechSpan } from './hearing/speech-detector.ts';
import type { Violation } from './violation-list.ts';

/** What one session of the service was told and what became of it, for assertions. Times are of the host's clock. */
export interface SessionReport {
  /** Counted from 1 over all connections to the service, refused ones too. */
  readonly session: number;
  /** As in the address, such as `v1beta`. */
  readonly apiVersion: string | null;
  /** What the setup asked for; null where none came or it was malformed. */
  readonly setup: {
    readonly model: string;
    /** Text of the system instruction. */
    readonly systemInstruction: string;
    readonly handle: string | null;
  } | null;
  /** The session that the handle was given to; null for a fresh session and a refused handle. */
  readonly resumes: number | null;
  /** What was said, by whom, as the model remembers it: first what the handle brought, told by `session`, then this session's own. */
  readonly history: readonly HistoryEntry[];
  /** The caller's audio as it arrived. */
  readonly audio: {
    readonly receivedMs: number;
    readonly firstAtMs: number | null;
    readonly gapMsMax: number;
    /** Where in the received audio the caller spoke. */
    readonly speech: readonly SpeechSpan[];
  };
  /** What the model made of the caller's speech over its own (GM-TURN-5), where its script says how it takes turns. */
  readonly overlaps: readonly Overlap[];
  /** How many pictures it was shown, and their bytes. */
  readonly pictures: { readonly count: number; readonly bytes: number };
  /** When the setup was complete. */
  readonly openedAtMs: number | null;
  /** When and how the socket closed; null while it is open. */
  readonly end: { readonly atMs: number; readonly by: 'client' | 'network' | CloseFrame } | null;
  /** What the client did wrong although the service let it pass. */
  readonly violations: readonly Violation[];
}
