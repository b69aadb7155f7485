/** What became of the caller audio, in mu-law bytes: received = forwarded + replaced + dropped + waiting. */
export interface IntakeTally {
  readonly received: number;
  readonly forwarded: number;
  /** Silence, in whose place silence was sent or nothing had to be. */
  readonly replaced: number;
  readonly dropped: number;
  readonly waiting: number;
  /** Silence of our own, where the phone network sent nothing. */
  readonly filled: number;
  /** Forwarded once more, to a session that had not heard it. */
  readonly resent: number;
}
