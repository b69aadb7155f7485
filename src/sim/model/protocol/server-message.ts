/** One part of a model turn: audio, or text that is a thought and not speech. */
export type Part =
  | { readonly inlineData: { readonly mimeType: string; readonly data: string } }
  | { readonly text: string };

/** The fields of `serverContent` that the simulator sends. */
export type ServerContent = {
  readonly modelTurn?: { readonly role: 'model'; readonly parts: readonly Part[] };
  readonly inputTranscription?: { readonly text: string };
  readonly outputTranscription?: { readonly text: string };
  readonly generationComplete?: true;
  readonly turnComplete?: true;
  readonly turnCompleteReason?: string;
  readonly interactionStatus?: 'IN_PROGRESS' | 'IDLE';
  readonly interrupted?: true;
};

/** Tokens of one modality; the list of them need not add up to the total. */
type ModalityTokens = { readonly modality: 'TEXT' | 'AUDIO' | 'VIDEO'; readonly tokenCount: number };

/** What one turn is billed for (GM-USAGE-1). */
export type UsageMetadata = {
  readonly promptTokenCount: number;
  readonly responseTokenCount: number;
  readonly thoughtsTokenCount: number;
  readonly totalTokenCount: number;
  readonly promptTokensDetails: readonly ModalityTokens[];
  readonly responseTokensDetails: readonly ModalityTokens[];
};

/** A message of the service. Several keys may stand in one (GM-FRAME-2). */
export type ServerMessage = {
  readonly setupComplete?: Readonly<Record<string, never>>;
  readonly serverContent?: ServerContent;
  readonly toolCall?: {
    readonly functionCalls: readonly {
      /** Missing where the model gives its calls none (GM-TOOL-6). */
      readonly id?: string;
      readonly name: string;
      readonly args: Readonly<Record<string, unknown>>;
    }[];
  };
  /** Beside `serverContent`, where it has been shown as well (GM-TURN-1). */
  readonly interactionStatus?: 'IN_PROGRESS' | 'IDLE';
  readonly toolCallCancellation?: { readonly ids: readonly string[] };
  readonly usageMetadata?: UsageMetadata;
  readonly voiceActivity?: { readonly type: 'ACTIVITY_START' | 'ACTIVITY_END' };
  readonly goAway?: { readonly timeLeft: string };
  readonly sessionResumptionUpdate?:
    | { readonly resumable: false }
    | { readonly newHandle: string; readonly resumable: true };
};

/** Joins two messages where no field stands in both; null where one does (GM-FRAME-2). */
export function joinMessages(first: ServerMessage, second: ServerMessage): ServerMessage | null {
  const { serverContent: firstContent, ...firstRest } = first;
  const { serverContent: secondContent, ...secondRest } = second;
  if (sharesKey(firstRest, secondRest) || sharesKey(firstContent ?? {}, secondContent ?? {})) return null;
  const rest = { ...firstRest, ...secondRest };
  if (firstContent === undefined && secondContent === undefined) return rest;
  return { serverContent: { ...firstContent, ...secondContent }, ...rest };
}

function sharesKey(first: object, second: object): boolean {
  return Object.keys(first).some((key) => Object.hasOwn(second, key));
}
