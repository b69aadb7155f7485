import type { Answer } from './run-probe.ts';
import type { Observation } from './observation.ts';
import type { Scrubber } from './scrubber.ts';

/** What a report says of the probe as a whole. */
export interface ReportHead {
  /** The day and minute of the probe. */
  readonly at: string;
  readonly model: string;
  readonly where: string;
  readonly sessions: number;
  /** US dollars; null where a model has no price. */
  readonly dollars: number | null;
  /** Whether the service was a simulated one, which proves nothing about the real one. */
  readonly isGoogle: boolean;
}

/** The report: Markdown, one section for each question, and what differs at the top. */
export function reportText(head: ReportHead, answers: readonly Answer[], scrubber: Scrubber): string {
  const { at, model, where, sessions, dollars, isGoogle } = head;
  const cost = dollars === null ? 'for which there is no price' : `billed at $${dollars.toFixed(2)}`;
  const text = [
    '# What the service itself says',
    '',
    `Asked on ${at}: ${model}, ${where}. ${sessions} sessions, ${cost}.`,
    ...(isGoogle ? [] : ['', '**This was not Google’s service, so it proves nothing about it.**']),
    '',
    ...differences(answers),
    '| question | came of it |',
    '| --- | --- |',
    ...answers.map((answer) => `| [${answer.question.id}](#${answer.question.id}) | ${cell(cameOf(answer))} |`),
    ...answers.flatMap(section),
    '',
  ].join('\n');
  return scrubber.text(text);
}

function differences(answers: readonly Answer[]): string[] {
  const differing = answers.flatMap(({ question, findings }) =>
    findings
      .filter(({ agrees }) => agrees === false)
      .map(({ what, seen }) => `- ${question.id}: ${what}: ${line(seen)}`),
  );
  if (differing.length === 0) return ['Nothing that was seen differs from what Parley relies on.', ''];
  return ['Other than Parley relies on:', '', ...differing, ''];
}

function cameOf({ outcome, why, findings }: Answer): string {
  const differing = findings.filter(({ agrees }) => agrees === false).length;
  if (outcome === 'skipped') return `not asked: ${why}`;
  const found = `${findings.length} findings${differing === 0 ? '' : `, ${differing} of them other than expected`}`;
  return outcome === 'open' ? `open: ${why} ${found}` : found;
}

function section({ question, outcome, why, findings, tookMs }: Answer): string[] {
  const { id, asks, rules, relies } = question;
  return [
    '',
    `## ${id}`,
    '',
    `${asks} (${rules.join(', ')})`,
    '',
    `Parley ${relies}.`,
    ...(why === null ? [] : ['', `${outcome === 'skipped' ? 'Not asked' : 'Not answered to its end'}: ${line(why)}`]),
    ...(findings.length === 0 ? [] : ['', '| what | seen | as Parley relies on |', '| --- | --- | --- |']),
    ...findings.map(row),
    ...(outcome === 'skipped'
      ? []
      : ['', `It took ${(tookMs / 1000).toFixed(1)} s. Every frame: [frames/${id}.jsonl](frames/${id}.jsonl).`]),
  ];
}

function row({ what, seen, agrees }: Observation): string {
  return `| ${cell(what)} | ${cell(seen)} | ${agrees === null ? '' : agrees ? 'yes' : '**no**'} |`;
}

function cell(text: string): string {
  return line(text).replaceAll('|', String.raw`\|`);
}

function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The frames of a question as JSON lines: who, when, what. */
export function frameLines({ frames }: Answer, scrubber: Scrubber): string {
  return frames
    .map(({ session, atMs, from, message }) => JSON.stringify({ session, atMs, from, message: scrubber.json(message) }))
    .join('\n')
    .concat('\n');
}
