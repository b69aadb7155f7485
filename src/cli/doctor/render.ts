import { styleText } from 'node:util';
import type { CheckFinding, Level } from './check.ts';

const words = { ok: 'ok', warning: 'warning', wrong: 'WRONG', skipped: 'skipped' } as const satisfies Record<
  Level,
  string
>;
const colours = { ok: 'green', warning: 'yellow', wrong: 'red', skipped: 'gray' } as const satisfies Record<
  Level,
  string
>;

/** A finding as lines for a person: what was found, and below it what mends it. */
export function findingLines({ check, level, text, advice }: CheckFinding): string {
  const line = `${styleText(colours[level], words[level].padEnd(7))}  ${check}: ${text}`;
  return advice === undefined ? line : `${line}\n         → ${advice}`;
}

/** The last line: how the examination went. */
export function summaryLine(findings: readonly CheckFinding[]): string {
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const [wrongs, warnings, skips] = [count('wrong'), count('warning'), count('skipped')];
  const verdict = wrongs === 0 ? 'Nothing is wrong.' : `${counted(wrongs, 'thing')} to mend.`;
  const rest = [
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
    ...(skips === 0 ? [] : [`${skips} skipped`]),
  ].join(', ');
  return rest === '' ? verdict : `${verdict} ${rest}.`;
}

/** All findings as JSON for a program. */
export function findingsJson(findings: readonly CheckFinding[]): string {
  return JSON.stringify({ ok: findings.every(({ level }) => level !== 'wrong'), findings }, null, 2);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
