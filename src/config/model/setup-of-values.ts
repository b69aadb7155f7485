import type { z } from 'zod';

import type { environment } from '../environment.ts';
import { type SetupSettings, standardSetup } from '../../gemini/setup-settings.ts';
import { extraSetup } from './setup-fields.ts';

/** How sessions are set up, by the variables of an admin. */
export function setupSettings(values: z.output<typeof environment>): SetupSettings {
  return {
    turnDetection: values.TURN_DETECTION ?? standardSetup.turnDetection,
    speechDetection: {
      startSensitivity: values.GEMINI_VAD_START_SENSITIVITY,
      endSensitivity: values.GEMINI_VAD_END_SENSITIVITY,
      prefixMs: values.GEMINI_VAD_PREFIX_MS,
      silenceMs: values.GEMINI_VAD_SILENCE_MS,
    },
    interruptions: values.GEMINI_INTERRUPTIONS === 'true',
    thinkingLevel: values.GEMINI_THINKING_LEVEL ?? standardSetup.thinkingLevel,
    compression:
      values.GEMINI_COMPRESSION === 'false'
        ? null
        : {
            triggerTokens: values.GEMINI_COMPRESSION_TRIGGER_TOKENS,
            targetTokens: values.GEMINI_COMPRESSION_TARGET_TOKENS,
          },
    resumption: values.GEMINI_RESUMPTION === 'true',
    transcription: values.GEMINI_TRANSCRIPTION,
    googleSearch: values.GEMINI_GOOGLE_SEARCH === 'true',
    languageCode: values.AGENT_LANGUAGE?.tag ?? null,
    // On Vertex AI nobody has reported whether it is taken.
    transcriptionLanguage: values.GOOGLE_GENAI_USE_VERTEXAI === 'true' ? null : (values.AGENT_LANGUAGE?.tag ?? null),
    extra: extraSetup(values),
  };
}
