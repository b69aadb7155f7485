/** What a call needs to know from the configuration. It stands in the head of every call log, so it holds no secret. */
export interface CallSettings {
  /** The words with which the agent shall greet the caller. */
  readonly greeting: string;
  /** Spoken by Twilio's own voice when the agent cannot go on. */
  readonly apology: string;
  /** Destination name → E.164 number. The model only ever names a destination. */
  readonly destinations: Readonly<Record<string, string>>;
  /** Where a call goes when the agent cannot go on: an E.164 number, or null for a goodbye. */
  readonly fallbackDestination: string | null;
  /** After this long with the agent, the agent says goodbye. */
  readonly callMsMax: number;
}
