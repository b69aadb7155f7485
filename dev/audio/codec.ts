import alawmulaw from 'alawmulaw';
import { createMulawCodec } from '../../src/audio/mulaw.ts';

const { mulaw } = alawmulaw;

/** The codec as `main.ts` builds it. */
export const codec = createMulawCodec(mulaw.encodeSample, mulaw.decodeSample);
