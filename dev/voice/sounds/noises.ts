import { addAt, between, burst, type NextFraction, filtered, note, samplesOf, whiteNoise } from './signal.ts';

/** What makes a street sound like this one and not like another. */
interface Street {
  /** Where the roar of the traffic ends. */
  readonly roarHz: number;
  readonly carsPerMinute: number;
  readonly hornHz: number;
}

/** What makes an underground train sound like this one. */
interface Metro {
  readonly rumbleHz: number;
  readonly squealHz: number;
  /** From one joint of the rails to the next. */
  readonly jointMs: number;
}

/** Synthetic traffic: a roar, cars that pass, and a horn at times. */
export function street(seconds: number, draw: NextFraction, { roarHz, carsPerMinute, hornHz }: Street): Float64Array {
  const samples = samplesOf(seconds);
  const sound = filtered(whiteNoise(samples, draw), 'low', roarHz);
  for (let car = 0; car < (seconds / 60) * carsPerMinute; car++) {
    const length = samplesOf(between(draw, 2, 5));
    const tyres = filtered(whiteNoise(length, draw), 'band', between(draw, 500, 1400), 0.7);
    const passing = tyres.map((value, i) => 1.5 * value * Math.sin((Math.PI * i) / length) ** 2);
    addAt(sound, Math.floor(draw() * samples), passing);
  }
  for (let horn = 0; horn < seconds / 40; horn++)
    addAt(sound, Math.floor(draw() * samples), note(hornHz, between(draw, 200, 700), [0.5, 0.4, 0.3, 0.2], 15, 9_000));
  return sound;
}

/** A synthetic train: its rumble, the joints of the rails, and a squeal in curves. */
export function metro(seconds: number, draw: NextFraction, { rumbleHz, squealHz, jointMs }: Metro): Float64Array {
  const samples = samplesOf(seconds);
  const hiss = filtered(whiteNoise(samples, draw), 'band', 1200, 0.4);
  const sound = filtered(whiteNoise(samples, draw), 'low', rumbleHz).map(
    (value, i) => 2 * value + 0.4 * (hiss[i] ?? 0),
  );
  for (let at = 0; at < samples; at += samplesOf((jointMs * between(draw, 0.95, 1.05)) / 1000)) {
    addAt(sound, at, burst(draw, 700, 0.8, 60, 12), 2.5);
    addAt(sound, at + samplesOf(0.11), burst(draw, 600, 0.8, 60, 12), 2);
  }
  for (let curve = 0; curve < seconds / 25; curve++) {
    const squeal = note(squealHz * between(draw, 0.95, 1.05), between(draw, 600, 2_000), [0.3, 0.15], 300, 9_000);
    addAt(sound, Math.floor(draw() * samples), squeal);
  }
  return sound;
}

/** Mains hum with its odd harmonics, under a little hiss. */
export function hum(seconds: number, draw: NextFraction, hz: number): Float64Array {
  const tone = note(hz, seconds * 1000, [1, 0.1, 0.8, 0.1, 0.6, 0.05, 0.5, 0.05, 0.4], 1, 1e9);
  return whiteNoise(tone.length, draw).map((value, i) => 0.15 * value + (tone[i] ?? 0));
}

/** A fan: broad noise that wobbles with its blades. */
export function fan(seconds: number, draw: NextFraction, bladeHz: number): Float64Array {
  return filtered(whiteNoise(samplesOf(seconds), draw), 'low', 1500).map(
    (value, i) => value * (1 + 0.3 * Math.sin((2 * Math.PI * bladeHz * i) / 8000)),
  );
}

/** Doors, dishes and knocks: single bursts of 30 to 300 ms, some seconds apart. */
export function knocks(seconds: number, draw: NextFraction, hz: readonly [number, number]): Float64Array {
  return scattered(seconds, draw, [1, 4], () =>
    burst(draw, between(draw, ...hz), between(draw, 0.5, 3), 400, between(draw, 8, 90)),
  );
}

/** Clicks of a line or a handset: some milliseconds, of either sign. */
export function clicks(seconds: number, draw: NextFraction, msMax: number): Float64Array {
  return scattered(seconds, draw, [0.2, 2], () =>
    burst(draw, between(draw, 800, 2500), 0.5, 20, between(draw, 0.3, msMax)),
  );
}

/** Synthetic coughs: a burst from the glottis, breath through the mouth, at times some voice at the end, and often two or three in a row. */
export function coughs(seconds: number, draw: NextFraction, mouthHz: number): Float64Array {
  return scattered(seconds, draw, [2, 6], () => {
    const times = 1 + Math.floor(3 * draw());
    const fit = new Float64Array(samplesOf(0.4 * times + 0.3));
    for (let time = 0; time < times; time++) {
      const at = samplesOf(0.4 * time);
      const strength = between(draw, 0.6, 1);
      const breath = burst(draw, mouthHz * between(draw, 0.8, 1.25), 0.7, 260, between(draw, 40, 80));
      addAt(fit, at, burst(draw, mouthHz * 1.8, 0.5, 60, 12), 1.5 * strength);
      addAt(fit, at + samplesOf(0.015), breath, strength);
      if (draw() < 0.4)
        addAt(fit, at + samplesOf(0.15), note(between(draw, 110, 220), 90, [0.2, 0.3, 0.2, 0.1], 20, 40), strength);
    }
    return fit;
  });
}

/** Sounds with pauses between them, of so many seconds. */
function scattered(
  seconds: number,
  draw: NextFraction,
  pauseSeconds: readonly [number, number],
  make: () => Float64Array,
): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  for (let at = samplesOf(between(draw, ...pauseSeconds)); at < sound.length;) {
    const piece = make();
    addAt(sound, at, piece, between(draw, 0.5, 1));
    at += piece.length + samplesOf(between(draw, ...pauseSeconds));
  }
  return sound;
}
