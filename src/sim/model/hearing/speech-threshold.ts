/** A level, or a few dB over what else is to be heard. */
export interface SpeechThreshold {
  /** Whether a window of 20 ms is speech. Takes each window once, in order, as the mean square of its PCM16 samples. */
  isLoud(meanSquare: number): boolean;
}

/** Whatever is louder than this is speech: root mean square of PCM16 samples. */
export function fixedThreshold(rmsMin: number): SpeechThreshold {
  const meanSquareMin = rmsMin ** 2;
  return { isLoud: (meanSquare) => meanSquare > meanSquareMin };
}

/** 100 ms: a syllable, and too long for one peak of a babble of voices. */
const smoothedWindows = 5;
/** 3 s: nobody speaks for so long without a breath. */
const blockWindows = 150;
/** 9 dB over the noise. */
const overFloor = 8;
/** 14 dB under the loudest so far: what is softer is somebody else. */
const underPeak = 0.04;
/** The loudest is forgotten at 1 dB a second. */
const peakDecay = 0.9954;

/** Speech is what stands out: from the noise of the last seconds, and not far below the loudest voice so far. */
export class NoiseThreshold implements SpeechThreshold {
  readonly #meanSquareMin: number;
  readonly #windows: number[] = [];
  #quietestNow = Infinity;
  #quietestBefore = Infinity;
  #windowsInBlock = 0;
  #peak = 0;

  /** Softer than `rmsMin` nothing is speech. */
  constructor(rmsMin: number) {
    this.#meanSquareMin = rmsMin ** 2;
  }

  isLoud(meanSquare: number): boolean {
    this.#windows.push(meanSquare);
    if (this.#windows.length > smoothedWindows) this.#windows.shift();
    const smoothed = this.#windows.reduce((sum, each) => sum + each, 0) / this.#windows.length;
    this.#follow(smoothed);
    const floor = Math.min(this.#quietestNow, this.#quietestBefore);
    return smoothed > Math.max(this.#meanSquareMin, floor * overFloor, this.#peak * underPeak);
  }

  #follow(smoothed: number): void {
    this.#peak = Math.max(smoothed, this.#peak * peakDecay);
    this.#quietestNow = Math.min(this.#quietestNow, smoothed);
    this.#windowsInBlock += 1;
    if (this.#windowsInBlock < blockWindows) return;
    this.#quietestBefore = this.#quietestNow;
    this.#quietestNow = smoothed;
    this.#windowsInBlock = 0;
  }
}
