/** The kinds of sabotage by which the core is judged. What each does stands in docs/simulation.md. */
export const coreRules = ['drop effect', 'negate guard', 'omit deadline', 'count sent as heard'] as const;

/** More kinds, which say where the fixtures of the core are thin. */
export const furtherRules = ['keep deadline', 'negate answer', 'forget change', 'skip step'] as const;

/** Kinds for what speaks to a remote: its words, its numbers and its lists. In the core, types would refuse most of them. */
export const wireRules = ['shift bound', 'drop element', 'change text', 'change number'] as const;

/** Lines for the operator: a missing one harms no caller. */
export const noteRules = ['drop note'] as const;

/** All kinds, in the order of the report. */
export const ruleNames = [...coreRules, ...furtherRules, ...wireRules, ...noteRules];

export type RuleName = (typeof ruleNames)[number];

/** A sabotage of one place: the code from `start` up to but not including `end` becomes `after`. Offsets in UTF-16 units. */
export interface Edit {
  readonly rule: RuleName;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** An edit of one file, ready to be run and told. */
export interface Mutant extends Edit {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly before: string;
  /** The whole file, sabotaged. */
  readonly text: string;
}

/** What can catch a mutant, in the order in which it is tried. */
export const stages = ['fixtures', 'simulation', 'tests'] as const;

export type Stage = (typeof stages)[number];

/** What a trial of a mutant came to. */
export type Verdict =
  /** The type checker refuses it, or no call loads its file: it does not count. */
  | { readonly kind: 'notRun'; readonly what: string }
  | { readonly kind: Stage; readonly what: string }
  /** `differsAt`: the first seed whose trace changes without breaking anything, or null when no trace changes. */
  | { readonly kind: 'survived'; readonly differsAt: number | null };

export interface Trial {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** Puts an edit into the text of its file. */
export function mutantOf(path: string, text: string, edit: Edit): Mutant {
  const { start, end, after } = edit;
  return {
    ...edit,
    path,
    line: text.slice(0, start).split('\n').length,
    before: text.slice(start, end),
    text: text.slice(0, start) + after + text.slice(end),
  };
}

/** `file:line`, what is there, and what it becomes, on one line. */
export function mutantWords({ rule, path, line, before, after }: Mutant): string {
  const change = after === '' ? 'dropped' : `→ ${oneLine(after)}`;
  return `${path}:${line} ${rule}: ${oneLine(before)} ${change}`;
}

function oneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}
