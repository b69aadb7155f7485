import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NextRandom, seededRandom } from '../../../src/sim/seeded-random.ts';
import { type Mutant, mutantOf, type RuleName, ruleNames } from '../mutant.ts';
import { withParsed } from './parse.ts';
import { isJudged, type Room } from '../room.ts';
import { editsOf, namesIn } from './rules.ts';

/** All sabotages of each room that its rules know, in the order of files and lines. */
export function mutantsOfRooms(root: string, rooms: readonly Room[]): Mutant[][] {
  const texts = new Map(rooms.flatMap((room) => judgedFiles(root, room)));
  const all = mutantsOf(texts);
  return rooms.map((room) => {
    const rules = new Set<RuleName>([...room.judgingRules, ...room.otherRules]);
    return all.filter(({ path, rule }) => isJudged(room, path) && rules.has(rule));
  });
}

function judgedFiles(root: string, room: Room): [string, string][] {
  const names = readdirSync(join(root, room.folder), { recursive: true, encoding: 'utf8' });
  const paths = names.map((name) => `${room.folder}/${name}`).filter((path) => path.endsWith('.ts'));
  const judged = paths.filter((path) => isJudged(room, path)).toSorted();
  return judged.map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

/** All sabotages of some files (path → text). */
export function mutantsOf(texts: ReadonlyMap<string, string>): Mutant[] {
  return withParsed(texts, (trees) => {
    const names = new Set([...trees.values()].flatMap(namesIn));
    return [...texts].flatMap(([path, text]) => {
      const tree = trees.get(path);
      return tree === undefined ? [] : editsOf(tree, names).map((edit) => mutantOf(path, text, edit));
    });
  });
}

/** All mutants of some rules, and about `drawnMax` of the others: an equal share of each rule, drawn by a seed. */
export function sample(
  mutants: readonly Mutant[],
  { wholeRules, drawnMax }: Pick<Room, 'wholeRules' | 'drawnMax'>,
  seed: number,
): Mutant[] {
  const others = mutants.filter(({ rule }) => !wholeRules.includes(rule));
  const share = Math.min(1, drawnMax / others.length);
  const nextRandom = seededRandom(seed);
  const drawn = new Set(
    ruleNames.flatMap((rule) => {
      const all = others.filter((mutant) => mutant.rule === rule);
      return shuffled(all, nextRandom).slice(0, Math.round(all.length * share));
    }),
  );
  return mutants.filter((mutant) => wholeRules.includes(mutant.rule) || drawn.has(mutant));
}

function shuffled<T>(all: readonly T[], nextRandom: NextRandom): T[] {
  const keyed = all.map((one) => ({ one, key: nextRandom() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
}
