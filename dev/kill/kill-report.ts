/**
 * How the service dies and who answers next. `held`: the proxy lets requests wait until a process is there again. `again`: the same, and
 * soon after the kill before. `refused`: its port refuses, and Twilio's own tries decide. `standby`: a second process runs on the same
 * journal. `frozen`: as `standby`, but the first is not dead: it stands still and then goes on.
 */
export type KillKind = 'held' | 'again' | 'refused' | 'standby' | 'frozen';

/** What one kill did. */
export interface KillRow {
  readonly kind: KillKind;
  /** Calls that Parley had at that moment. */
  readonly live: number;
  /** Calls and entries that stood in the journal and do not any more, and calls older than a second that never did. */
  readonly recordsLost: number;
  /** Lines, handles and answers older than a second that the journal lacks. */
  readonly linesMissing: number;
  /** How long the next process took until it listened. */
  readonly startedMs: number;
  readonly broughtBack: number;
  readonly continued: number;
  /** Calls that the next kill met before they had shown anything. They are counted there. */
  readonly killedAgain: number;
  /** For each call that Twilio gave up, why. */
  readonly givenUp: readonly string[];
  /** What became of the calls that were brought back and did not go on. */
  readonly failures: readonly string[];
}

/** What is left when all is over. */
export interface FinalReport {
  /** All that Parley ever accepted. */
  readonly calls: number;
  readonly withoutRecord: number;
  readonly withoutEnd: number;
  /** Calls whose end Parley knew for a second, and which are `lost` in the journal. */
  readonly wronglyLost: number;
  /** How many calls ended for which reason. */
  readonly ends: Readonly<Record<string, number>>;
  readonly recordsLost: number;
  /** Entries of a process that had lost the call. */
  readonly staleWrites: number;
  /** Model sessions that heard another caller than their own. */
  readonly crossedLines: number;
  /** Looks at which SQLite found the file damaged. */
  readonly unsoundFiles: number;
  /** Calls that a process did not let go after it had stood still. */
  readonly notFenced: number;
}

/** What a run found. */
export interface KillReport {
  readonly rows: readonly KillRow[];
  readonly final: FinalReport;
}

/** The share of calls brought back that must go on. */
const continuedShareMin = 0.99;

/** What did not hold, one sentence each. */
export function broken({ rows, final }: KillReport): string[] {
  const broughtBack = sum(rows, (row) => row.broughtBack);
  const continued = sum(rows, (row) => row.continued);
  const counts: readonly (readonly [number, string])[] = [
    [sum(rows, (row) => row.recordsLost), 'records were lost'],
    [final.recordsLost, 'calls or entries of the journal were lost or changed'],
    [sum(rows, (row) => row.linesMissing), 'lines, handles or answers older than a second were not in the journal'],
    [
      sum(rows, (row) => row.failures.filter((failure) => failure.startsWith('neither')).length),
      'calls hung in the air',
    ],
    [final.withoutRecord, 'calls have no record'],
    [final.withoutEnd, 'calls have no end'],
    [final.wronglyLost, 'calls count as lost although their end was known'],
    [final.staleWrites, 'entries came from a process that had the call no more'],
    [final.crossedLines, 'model sessions heard another caller'],
    [final.unsoundFiles, 'looks found the file damaged'],
    [final.notFenced, 'calls were not let go by a process that had stood still'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`);
  if (broughtBack === 0) said.push('No call was brought back, so nothing is known of how calls go on.');
  if (continued < broughtBack * continuedShareMin) said.push(`Only ${continued} of ${broughtBack} calls went on.`);
  return said;
}

/** The table of a run: one line for each way of dying, and all together. */
export function table({ rows, final }: KillReport): string {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const head = ['', 'kills', 'live', 'lost', 'missing', 'back', 'went on', 'killed again', 'given up', 'start'];
  const lines = [
    ...kinds.map((kind) => [kind, rows.filter((row) => row.kind === kind)] as const),
    ['all', rows] as const,
  ];
  const cells = lines.map(([name, of]) => [
    name,
    String(of.length),
    String(sum(of, (row) => row.live)),
    String(sum(of, (row) => row.recordsLost)),
    String(sum(of, (row) => row.linesMissing)),
    String(sum(of, (row) => row.broughtBack)),
    String(sum(of, (row) => row.continued)),
    String(sum(of, (row) => row.killedAgain)),
    reasons(of.flatMap((row) => row.givenUp)),
    `${(sum(of, (row) => row.startedMs) / of.length / 1000).toFixed(1)} s`,
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => (row[at] ?? '').length)));
  const written = [head, ...cells].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const ends = Object.entries(final.ends).map(([reason, calls]) => `${reason} ${calls}`);
  return [...written, `${final.calls} calls in all; how they ended: ${ends.join(', ')}.`].join('\n');
}

function reasons(all: readonly string[]): string {
  if (all.length === 0) return '0';
  return Object.entries(counted(all))
    .map(([reason, count]) => `${count} (${reason})`)
    .join(', ');
}

/** How often each word comes. */
export function counted(words: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((each) => each === word).length]));
}

function sum(rows: readonly KillRow[], of: (row: KillRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
