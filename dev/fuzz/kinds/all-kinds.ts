import type { FuzzKind } from '../fuzz-kind.ts';
import { callLogs, scenarios } from './files.ts';
import { handshakes, modelMessages, streamFrames, webhookForms } from './hosted.ts';
import { geminiTranslation, twilioTranslation } from './translations.ts';

/** Every kind of input. The shares add up to 1. */
export const fuzzKinds: readonly FuzzKind[] = [
  twilioTranslation,
  geminiTranslation,
  streamFrames,
  handshakes,
  modelMessages,
  webhookForms,
  callLogs,
  scenarios,
];
