import { type Profiler, Session } from 'node:inspector';
import type { Place } from './trial-order.ts';

type Range = Profiler.CoverageRange;

/**
 * Tells which places of the code have run. Node takes types out without moving anything, so the engine's offsets are those of the files.
 * Must be made before the files are loaded.
 */
export class Reach {
  readonly #session = new Session();
  /** The indexes of the places of each file, by its URL. */
  readonly #placesOf = new Map<string, number[]>();
  readonly #places: readonly Place[];

  /** `urlOf` tells the URL of a path. */
  constructor(places: readonly Place[], urlOf: (path: string) => string) {
    this.#places = places;
    places.forEach(({ path }, index) => {
      const url = urlOf(path);
      const ofFile = this.#placesOf.get(url);
      if (ofFile === undefined) this.#placesOf.set(url, [index]);
      else ofFile.push(index);
    });
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The indexes of the places that ran since this was asked last, and perhaps of some that did not. */
  take(): number[] {
    const reached: number[] = [];
    // In the same thread, the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
      for (const { url, functions } of result) {
        const ranges = functions.flatMap((one) => one.ranges);
        for (const index of this.#placesOf.get(url) ?? []) {
          const offset = this.#places[index]?.offset ?? 0;
          if (hasRun(ranges, offset)) reached.push(index);
        }
      }
    });
    return reached;
  }
}

/** The smallest range around a place counts. A function that did not run may be missing: then the one around it counts, which is careful. */
function hasRun(ranges: readonly Range[], offset: number): boolean {
  let lengthMin = Infinity;
  let isRun = false;
  for (const { startOffset, endOffset, count } of ranges) {
    const length = endOffset - startOffset;
    if (offset < startOffset || offset >= endOffset || length > lengthMin) continue;
    isRun = count > 0 || (length === lengthMin && isRun);
    lengthMin = length;
  }
  return isRun;
}
