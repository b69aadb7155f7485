import type { PriceTable } from '../../call/usage.ts';
import type { TimelineSetup } from '../../calllog/timeline/build-timeline.ts';
import { modelVariables } from '../../config/model/model-variables.ts';
import { builtInPrices } from '../../config/prices.ts';
import { shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { recordedAudioPath, recordedComfortPrints } from './recorded-sounds.ts';

/** What a timeline needs beside the log of its call, as it can be handed to a thread. */
export interface TimelineMeans {
  readonly prices: PriceTable;
  /** The model whose prices hold for a call whose log names none. */
  readonly model: string;
  readonly fillerPhraseFile: string | null;
}

/** What holds where nothing was configured. */
export function usualMeans(fillerPhraseFile: string | null): TimelineMeans {
  return { prices: builtInPrices, model: modelVariables.GEMINI_MODEL.parse(undefined), fillerPhraseFile };
}

/** What a timeline is made with. A filler phrase that nobody has any more is silent. */
export function timelineSetup({ prices, model, fillerPhraseFile }: TimelineMeans): TimelineSetup {
  return {
    codec: mulawCodec,
    prices,
    model,
    comfortOf: (header) => ({
      sounds:
        (header === null ? null : recordedAudioPath(header, fillerPhraseFile)?.comfortSounds) ?? shippedComfortSounds,
      prints: recordedComfortPrints(header ?? {}),
    }),
  };
}
