/**
 * Measures one candidate in a process of its own, for `../audio.ts`: `node dev/audio/candidate.ts up|down|speed <name>`
 * prints its figures as a line of JSON.
 */
import { candidates } from './alternatives.ts';
import { measureQuality } from './quality.ts';
import { downFigures, type Figure, speedFigures, upFigures } from './requirements.ts';
import { measureSpeed, ownConverters, withMulaw } from './speed.ts';

async function measure(what: string, name: string): Promise<Figure[]> {
  const load = candidates.get(name);
  if (load === undefined) throw new RangeError(`No candidate is called "${name}".`);
  const candidate = await load();
  if (what === 'up') return upFigures(measureQuality(candidate.up));
  if (what === 'down') return downFigures(measureQuality(candidate.down));
  return speedFigures(measureSpeed(name === 'parley' ? ownConverters : withMulaw(candidate)));
}

const [, , what = '', name = ''] = process.argv;
console.log(JSON.stringify(await measure(what, name)));
