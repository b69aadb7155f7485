import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NextRandom, seededRandom } from '../../src/sim/seeded-random.ts';
import { judgingRules, type Mutant, mutantOf, type RuleName, ruleNames } from './mutant.ts';
import { withParsed } from './parse.ts';
import { editsOf, namesIn } from './rules.ts';

const coreFolder = 'src/call';

/**
 * Not a part of a call but its judge, in a trial too. A judge that sees less never fails a sound call, and one that cries wolf fails
 * every call: neither says anything about the fixtures. Its own test shows that it sees.
 */
const judge = `${coreFolder}/invariants.ts`;

/** These are drawn whole, however many there are. */
const wholeRules: ReadonlySet<RuleName> = new Set(judgingRules);

/** All sabotages of the core that the rules know, in the order of files and lines. */
export function mutantsOfCore(root: string): Mutant[] {
  const paths = readdirSync(join(root, coreFolder), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${coreFolder}/${name}`,
  );
  const judged = paths.filter((path) => path.endsWith('.ts') && path !== judge).toSorted();
  return mutantsOf(new Map(judged.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
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

/** All mutants that judge, and about `furtherMax` of the others: an equal share of each rule, drawn by a seed. */
export function sample(mutants: readonly Mutant[], furtherMax: number, seed: number): Mutant[] {
  const further = mutants.filter(({ rule }) => !wholeRules.has(rule));
  const share = Math.min(1, furtherMax / further.length);
  const nextRandom = seededRandom(seed);
  const drawn = new Set(
    ruleNames.flatMap((rule) => {
      const all = further.filter((mutant) => mutant.rule === rule);
      return shuffled(all, nextRandom).slice(0, Math.round(all.length * share));
    }),
  );
  return mutants.filter((mutant) => wholeRules.has(mutant.rule) || drawn.has(mutant));
}

function shuffled<T>(all: readonly T[], nextRandom: NextRandom): T[] {
  const keyed = all.map((one) => ({ one, key: nextRandom() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
}
