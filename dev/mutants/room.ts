import { coreRules, furtherRules, noteRules, type RuleName, wireRules } from './mutant.ts';

/** A folder of `src` whose mutants are drawn, tried and judged by themselves. */
export interface Room {
  readonly name: 'call' | 'host' | 'twilio' | 'gemini';
  /** Relative to the root of the repository, as all paths here. */
  readonly folder: string;
  /** Files and folders of it that are no part of what is judged. */
  readonly leftOut: readonly string[];
  /** What compiles it. */
  readonly project: string;
  /** By these it is judged. */
  readonly judgingRules: readonly RuleName[];
  /** These are told beside them. */
  readonly otherRules: readonly RuleName[];
  /** Rules of which every mutant is drawn. */
  readonly wholeRules: readonly RuleName[];
  /** About so many mutants are drawn of the other rules. */
  readonly drawnMax: number;
  /** The share of the judging mutants that must be caught. */
  readonly caughtShareMin: number;
  /** How the fixtures are tried: their logs are replayed to a `Call`, or their scenarios are played again by the whole service. */
  readonly fixtures: 'replayed' | 'played';
  /** Its unit tests, which are asked last; null where they do not count. */
  readonly tests: string | null;
}

const call: Room = {
  name: 'call',
  folder: 'src/call',
  // Not a part of a call but its judge, in a trial too. A judge that sees less never fails a sound call, and one that cries wolf fails
  // every call: neither says anything about the fixtures. Its own test shows that it sees.
  leftOut: ['src/call/invariants.ts'],
  project: 'tsconfig.core.json',
  judgingRules: coreRules,
  otherRules: [...furtherRules, ...noteRules],
  wholeRules: coreRules,
  drawnMax: 100,
  caughtShareMin: 0.95,
  fixtures: 'replayed',
  tests: null,
};

/** All but what only the core has. */
const remoteRules = [
  'drop effect',
  'negate guard',
  'negate answer',
  'forget change',
  'skip step',
  ...wireRules,
] as const;

/** `drawnMax`: enough for a good hundred that run, since the type checker refuses a third or more. */
function remoteRoom(name: 'host' | 'twilio' | 'gemini', drawnMax: number): Room {
  return {
    name,
    folder: `src/${name}`,
    // No simulation runs these: they are the drivers of the real world.
    leftOut: [`src/${name}/edge`],
    project: 'dev/mutants/tsconfig.rooms.json',
    judgingRules: remoteRules,
    otherRules: noteRules,
    wholeRules: [],
    drawnMax,
    caughtShareMin: 0.85,
    fixtures: 'played',
    tests: `test/${name}`,
  };
}

/** All rooms, in the order of the report. */
export const rooms: readonly Room[] = [
  call,
  remoteRoom('host', 180),
  remoteRoom('twilio', 190),
  remoteRoom('gemini', 220),
];

/** Whether a file belongs to what is judged of a room. */
export function isJudged({ folder, leftOut }: Room, path: string): boolean {
  const isBelow = (one: string): boolean => path === one || path.startsWith(`${one}/`);
  return isBelow(folder) && !leftOut.some(isBelow);
}
