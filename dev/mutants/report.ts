import { furtherRules, judgingRules, mutantWords, noteRules, type RuleName, type Trial } from './mutant.ts';

/** What is asked of the fixtures and the simulation. */
const caughtShareMin = 0.95;

/** Fewer say nothing of the whole core. */
const mutantsMin = 100;

/**
 * The report's lines, the verdict last, with whether what is asked is met. Only the judging rules decide. A part of the core may have
 * any number of mutants, even none that judges.
 */
export function report(trials: readonly Trial[], scope: 'core' | 'part'): { lines: string[]; isMet: boolean } {
  const judging = ofRules(trials, judgingRules);
  const run = judging.filter(({ verdict }) => verdict.kind !== 'notRun').length;
  const caught = run - count(judging, 'survived');
  const share = run === 0 ? 1 : caught / run;
  const isMet = share >= caughtShareMin && (scope === 'part' || run >= mutantsMin);
  const figures = run === 0 ? 'no mutant that judges was run' : `${caught} of ${run} mutants caught, ${percent(share)}`;
  const asked = percent(caughtShareMin) + (scope === 'part' ? '' : ` of at least ${mutantsMin}`);
  return {
    lines: [
      '| rule | drawn | not run | run | caught by replay | caught by simulation | survived | caught |',
      '| --- | --: | --: | --: | --: | --: | --: | --: |',
      ...judgingRules.map((rule) => row(rule, ofRules(trials, [rule]))),
      row('**all that judge**', judging),
      ...furtherRules.map((rule) => row(rule, ofRules(trials, [rule]))),
      row('**all further ones**', ofRules(trials, furtherRules)),
      ...noteRules.map((rule) => row(rule, ofRules(trials, [rule]))),
      '',
      ...survivors(trials),
      `${isMet ? 'PASS' : 'FAIL'}: ${figures} (asked: ${asked}).`,
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
    case 'replay':
    case 'simulation':
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
  const cells = [trials.length, notRun, run, count(trials, 'replay'), count(trials, 'simulation'), survived];
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
