import type { TurnDetection } from '../call/call-settings.ts';
import type { ThinkingLevelName } from './models.ts';

/** A checked part of the setup message for which there is no setting of its own, written as Google documents the message. */
export interface ExtraSetup {
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  readonly realtimeInputConfig?: Readonly<Record<string, unknown>>;
  readonly inputAudioTranscription?: Readonly<Record<string, unknown>>;
  readonly outputAudioTranscription?: Readonly<Record<string, unknown>>;
  readonly proactivity?: Readonly<Record<string, unknown>>;
  readonly safetySettings?: readonly Readonly<Record<string, unknown>>[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly explicitVadSignal?: boolean;
}

/** What an admin may decide about a model session, beside who the agent is. */
export interface SetupSettings {
  /** Who tells when the caller speaks (GM-VAD-6); null leaves it to the rules of the model. */
  readonly turnDetection: TurnDetection | null;
  /** When the service takes a sound for speech, and a pause for the end of it (GM-VAD-1). Of no use where Parley tells. */
  readonly speechDetection: {
    readonly startSensitivity: 'high' | 'low';
    readonly endSensitivity: 'high' | 'low';
    readonly prefixMs: number;
    readonly silenceMs: number;
  };
  /** Whether the caller can talk over the agent. */
  readonly interruptions: boolean;
  /** Used by models that think, and left out for others. */
  readonly thinkingLevel: ThinkingLevelName;
  /** How much of the conversation the model keeps, in tokens beside the instruction (GM-COMPRESS-1); null: all of it. */
  readonly compression: { readonly triggerTokens: number; readonly targetTokens: number } | null;
  readonly resumption: boolean;
  readonly transcription: 'both' | 'caller' | 'agent' | 'none';
  readonly googleSearch: boolean;
  /** A tag such as `de-AT`, for models that take one; null leaves the language to the model and its instruction. */
  readonly languageCode: string | null;
  /** The tag of the language that callers speak, for their transcript; null leaves it to the service (GM-LANG-2). */
  readonly transcriptionLanguage: string | null;
  readonly extra: ExtraSetup;
}

/**
 * What a session is set up with when nobody says otherwise. The detection is set for the telephone: a short "yes" must
 * count, so a start is taken eagerly; a pause within a sentence must not end the turn, so an end is taken late. Each turn is
 * billed with the whole context, so compression begins early: at the usual 16,000 tokens a ten-minute call would never meet it.
 */
export const standardSetup = {
  turnDetection: null,
  speechDetection: { startSensitivity: 'high', endSensitivity: 'low', prefixMs: 40, silenceMs: 600 },
  interruptions: true,
  thinkingLevel: 'low',
  compression: { triggerTokens: 8000, targetTokens: 4000 },
  resumption: true,
  transcription: 'both',
  googleSearch: false,
  languageCode: null,
  transcriptionLanguage: null,
  extra: {},
} satisfies SetupSettings;
