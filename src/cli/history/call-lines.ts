import { styleText } from 'node:util';
import type { PastCall, PastCallStory } from '../../store/history/call-history.ts';
import { agentText } from '../../store/history/agent-words.ts';
import { callerText } from '../../store/history/caller-words.ts';
import { clockTime } from '../../store/history/clock-time.ts';
import { dollars, isUnbilled } from '../../store/history/cost-words.ts';
import { outcomeText } from '../../store/history/outcome-words.ts';

/** One call in two or three lines: when, who, how long and how it ended, then why. */
export function callLines(call: PastCall): string[] {
  const { callSid, startedAtMs, endedAtMs, outcome, why, faults, costUsd } = call;
  const who = plain(callerText(call));
  const cost = costUsd === null || isUnbilled(call) ? '' : `  ${dollars(costUsd)}`;
  const length = endedAtMs === null ? 'live' : clockTime(endedAtMs - startedAtMs);
  const head = `${localTime(startedAtMs)}  ${who.padEnd(16)} ${length.padStart(8)}  ${outcomeText(outcome)}${cost}`;
  return [
    styleText('bold', head),
    ...(why === null ? [] : [`  ${plain(why)}`]),
    `  ${callSid}${faults.length === 0 ? '' : `  (${faults.join(', ')})`}`,
  ];
}

/** Everything that is kept of one call. */
export function storyLines({ call, entries, missing }: PastCallStory): string[] {
  const { to, agent, source, tokens, waits, startedAtMs } = call;
  const facts = [
    `called ${to ?? 'a number that was withheld'}${source === 'browser' ? ', from the browser' : ''}`,
    ...(agent === null ? [] : [`answered by ${agentText(agent)}`]),
    ...(tokens === 0 ? [] : [`${tokens} tokens`]),
    ...(waits === null
      ? []
      : [
          `the caller waited for ${waits.count === 1 ? 'an answer' : `${waits.count} answers`}: ${waits.medianMs.toFixed(0)} ms at the median, ${waits.maxMs.toFixed(0)} ms at most`,
        ]),
  ];
  const told = entries.flatMap((entry): string[] => {
    const at = `  ${((entry.atMs - startedAtMs) / 1000).toFixed(1).padStart(8)} s  `;
    switch (entry.kind) {
      case 'said':
        return [`${at}${entry.speaker.padEnd(7)}"${plain(entry.text)}${entry.cut ? ' —" (cut short)' : '"'}`];
      case 'toolStarted':
        return [`${at}tool   ${plain(entry.name)} is called`];
      case 'toolAnswered':
        return [`${at}tool   ${plain(entry.name)} ${'error' in entry.response ? 'fails' : 'answers'}`];
      case 'takenOver':
        return [`${at}parley another process goes on with the call`];
      default:
        return [];
    }
  });
  return [
    ...callLines(call),
    `  ${facts.map(plain).join('; ')}`,
    ...(missing === null ? [] : [`  ${missing}`]),
    '',
    ...(told.length === 0 ? ['  Nothing that was said is kept.'] : told),
  ];
}

/** Without what a terminal would obey: others have said these words. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Such as `2026-11-28 15:04:09`, in the zone of this machine. */
export function localTime(unixMs: number): string {
  const date = new Date(unixMs);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
