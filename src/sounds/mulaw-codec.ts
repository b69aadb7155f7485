import alawmulaw from 'alawmulaw';
import { createMulawCodec } from '../audio/mulaw.ts';

const { encodeSample, decodeSample } = alawmulaw.mulaw;

/** The mu-law tables of the whole process, built from alawmulaw. */
export const mulawCodec = createMulawCodec(encodeSample, decodeSample);
