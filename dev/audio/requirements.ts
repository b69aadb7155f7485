import type { Quality } from './quality.ts';
import type { SpeechQuality } from './speech-chain.ts';
import type { Speed } from './speed.ts';

/** A measured value beside what we ask of it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly sense: '<=' | '>=';
  readonly limit: number;
}

export function isMet({ value, sense, limit }: Figure): boolean {
  return sense === '<=' ? value <= limit : value >= limit;
}

const atMost = (name: string, value: number, limit: number): Figure => ({ name, value, sense: '<=', limit });
const atLeast = (name: string, value: number, limit: number): Figure => ({ name, value, sense: '>=', limit });

export function upFigures(quality: Quality): Figure[] {
  return [
    ...commonFigures(quality),
    atLeast('worst SNR of tones 300-3400 Hz, dB', quality.worstSnrDb, 80),
    atMost('image above 4.6 kHz, dB', quality.spuriousDb, -80),
  ];
}

export function downFigures(quality: Quality): Figure[] {
  return [
    ...commonFigures(quality),
    atLeast('worst SNR of tones 300-3400 Hz, dB', quality.worstSnrDb, 85),
    atMost('alias of 4.6-11.9 kHz, dB', quality.spuriousDb, -80),
    atMost('4.3 kHz folded to 3.7 kHz, dB', quality.foldDb, -35),
  ];
}

function commonFigures(quality: Quality): Figure[] {
  return [
    atMost('ripple 100-3400 Hz, dB', quality.rippleDb, 0.05),
    atLeast('-3 dB point, Hz', quality.minus3DbHz, 3850),
    atMost('delay, anything held included, ms', quality.delayMs, 4),
    atMost('tail lost at the end, ms', quality.lostTailMs, 0.1),
    atMost('cuts, of 7, that change a bit', quality.cutsThatDiffer, 0),
    atMost('full-scale samples with the wrong sign', quality.wrongSignSamples, 0),
    atMost('DC error, dB', quality.dcErrorDb, 0.005),
  ];
}

export function speechFigures(speech: SpeechQuality): Figure[] {
  return [
    atLeast('SNR at 8 kHz before mu-law, dB', speech.downSnrDb, 70),
    atMost('lost at 16 kHz beyond what mu-law costs, dB', speech.mulawSnrDb - speech.chainSnrDb, 0.1),
  ];
}

export function speedFigures(speed: Speed): Figure[] {
  return [
    atMost('8 to 16 kHz: CPU, ns per output sample', speed.upNsPerSample, 20),
    atMost('24 to 8 kHz: CPU, ns per output sample', speed.downNsPerSample, 50),
    atMost('whole call: CPU, ms per second', speed.callMsPerSecond, 0.5),
    atMost('8 to 16 kHz: garbage, kB per second', speed.upGarbageBytes / 1000, 15),
    atMost('24 to 8 kHz: garbage, kB per second', speed.downGarbageBytes / 1000, 10),
  ];
}

export function mulawFigures({ decodeNs, encodeNs }: { decodeNs: number; encodeNs: number }): Figure[] {
  return [
    atMost('mu-law decoding, ns per sample', decodeNs, 12),
    atMost('mu-law encoding, ns per sample', encodeNs, 15),
  ];
}
