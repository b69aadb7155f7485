import { mutantWords, type RuleName, stages, type Trial } from './mutant.ts';
import type { Room } from './room.ts';

/** Fewer say nothing of a whole room. */
const mutantsMin = 100;

/**
 * The report's lines about a room, the verdict last, with whether what is asked is met. Only the judging rules decide. A part of a room
 * may have any number of mutants, even none that judges.
 */
export function report(
  room: Room,
  trials: readonly Trial[],
  scope: 'whole' | 'part',
): { lines: string[]; isMet: boolean } {
  const { folder, judgingRules, otherRules, caughtShareMin } = room;
  const judging = ofRules(trials, judgingRules);
  const run = judging.filter(({ verdict }) => verdict.kind !== 'notRun').length;
  const caught = run - count(judging, 'survived');
  const share = run === 0 ? 1 : caught / run;
  const isMet = share >= caughtShareMin && (scope === 'part' || run >= mutantsMin);
  const figures = run === 0 ? 'no mutant that judges was run' : `${caught} of ${run} mutants caught, ${percent(share)}`;
  const asked = percent(caughtShareMin) + (scope === 'part' ? '' : ` of at least ${mutantsMin}`);
  return {
    lines: [
      `## ${folder}`,
      '',
      `| rule | drawn | not run | run | ${stages.map((stage) => `caught by ${stage}`).join(' | ')} | survived | caught |`,
      '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
      ...judgingRules.map((rule) => row(rule, ofRules(trials, [rule]))),
      row('**all that judge**', judging),
      ...otherRules.map((rule) => row(rule, ofRules(trials, [rule]))),
      '',
      ...survivors(trials),
      `${isMet ? 'PASS' : 'FAIL'}: ${folder}: ${figures} (asked: ${asked}).`,
    ],
    isMet,
  };
}

/** One line for each trial, in the order of files and lines. */
export function listLines(trials: readonly Trial[]): string[] {
  return trials.map(({ mutant, verdict }) => `${mutantWords(mutant)}\n    ${verdictWords(verdict)}`);
}

function survivors(trials: readonly Trial[]): string[] {
  const left = trials.filter(({ verdict }) => verdict.kind === 'survived');
  return left.length === 0 ? [] : ['Survived:', ...listLines(left), ''];
}

function verdictWords(verdict: Trial['verdict']): string {
  switch (verdict.kind) {
    case 'notRun':
      return `not run: ${verdict.what}`;
    case 'fixtures':
    case 'simulation':
    case 'tests':
      return `caught by ${verdict.kind}, ${verdict.what}`;
    case 'survived':
      return verdict.differsAt === null
        ? 'survived: no trace changes'
        : `survived: the trace of seed ${verdict.differsAt} changes, but breaks nothing`;
  }
}

function row(name: string, trials: readonly Trial[]): string {
  const notRun = count(trials, 'notRun');
  const survived = count(trials, 'survived');
  const run = trials.length - notRun;
  const cells = [trials.length, notRun, run, ...stages.map((stage) => count(trials, stage)), survived];
  return `| ${[name, ...cells, run === 0 ? '' : percent((run - survived) / run)].join(' | ')} |`;
}

function ofRules(trials: readonly Trial[], rules: readonly RuleName[]): Trial[] {
  return trials.filter(({ mutant }) => rules.includes(mutant.rule));
}

function count(trials: readonly Trial[], kind: Trial['verdict']['kind']): number {
  return trials.filter(({ verdict }) => verdict.kind === kind).length;
}

/** Rounded down, so that 95.0 % is never less. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
