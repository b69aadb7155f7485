import type { z } from 'zod';

import type { Voicemail } from '../../call/call-settings.ts';
import type { environment } from '../environment.ts';

/** How messages are taken; null where none are. */
export function voicemailOf(values: z.output<typeof environment>): Voicemail | null {
  if (values.FALLBACK_VOICEMAIL !== 'true') return null;
  return {
    prompt: values.VOICEMAIL_PROMPT,
    thanks: values.VOICEMAIL_THANKS,
    secondsMax: values.VOICEMAIL_MAX_SECONDS,
  };
}
