import { namedPath } from '../../config/load-settings.ts';
import { modelVariables } from '../../config/model/model-variables.ts';
import { builtInPrices } from '../../config/prices.ts';
import type { TimelineSetup } from '../../calllog/timeline/build-timeline.ts';
import { shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { recordedAudioPath, recordedComfortPrints } from './sounds.ts';

/** What a timeline needs beside the log of its call. A filler phrase that nobody has any more is silent. */
export function timelineSetup(): TimelineSetup {
  const phraseFile = namedPath(process.env, 'FILLER_PHRASE_FILE');
  return {
    codec: mulawCodec,
    prices: builtInPrices,
    model: modelVariables.GEMINI_MODEL.parse(undefined),
    comfortOf: (header) => ({
      sounds: (header === null ? null : recordedAudioPath(header, phraseFile)?.comfortSounds) ?? shippedComfortSounds,
      prints: recordedComfortPrints(header ?? {}),
    }),
  };
}
