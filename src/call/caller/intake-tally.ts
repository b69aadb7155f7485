/** What became of the caller audio, in mu-law bytes: received = forwarded + replaced + dropped + waiting. */
export interface IntakeTally {
  readonly received: number;
  readonly forwarded: number;
  /** Silence, and noise that was held for a greeting: in its place silence or other noise was sent, or nothing had to be. */
  readonly replaced: number;
  readonly dropped: number;
  readonly waiting: number;
  /** Silence of our own, where the phone network sent nothing. */
  readonly filled: number;
  /** Forwarded once more, to a session that had not heard it. */
  readonly resent: number;
}
