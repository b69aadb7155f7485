import { type ComponentChild, h } from 'preact';
import type { PastCallDetail, PastCallLine } from '../../../src/console/history/history-answer.ts';
import type { PastCall } from '../../../src/store/history/call-history.ts';
import { agentText } from '../../../src/store/history/agent-words.ts';
import { callerText } from '../../../src/store/history/caller-words.ts';
import { outcomeText } from '../../../src/store/history/outcome-words.ts';
import { clockTime } from '../../../src/store/history/clock-time.ts';
import { costText, dateAndTime, waitTime } from '../../shared/formats.ts';

/** What the journal knows of a call of which there is no recording, and why there is none. */
export function knownCall({ call, lines, missing }: PastCallDetail, whyNoRecording: string): ComponentChild {
  return h('div', { class: 'call' }, [
    h('section', { class: 'facts', 'aria-label': 'The call' }, [
      h('h1', {}, `Call ${call.callSid}`),
      call.why === null ? null : h('p', { class: 'why' }, call.why),
      h('dl', {}, factsOf(call).map(fact)),
    ]),
    missing === null ? null : h('p', { class: 'warn' }, missing),
    h('p', { class: 'soft' }, whyNoRecording),
    lines.length === 0 ? h('p', { class: 'soft' }, 'Nothing that was said is kept.') : said(lines),
  ]);
}

function factsOf(call: PastCall) {
  const { startedAtMs, endedAtMs, outcome, to, agent, instance, waits, faults } = call;
  const facts: readonly (readonly [string, string])[] = [
    ['Began', dateAndTime(startedAtMs)],
    ['Length', endedAtMs === null ? 'still live' : clockTime(endedAtMs - startedAtMs)],
    ['Outcome', outcomeText(outcome)],
    ['Caller', callerText(call)],
    ['Called', to ?? 'number withheld'],
    ['Agent', agent === null ? 'none' : agentText(agent)],
    ...(instance === null ? [] : [['Process', instance] as const]),
    [
      'Waits for the first word',
      waits === null ? 'none' : `median ${waitTime(waits.medianMs)}, longest ${waitTime(waits.maxMs)}`,
    ],
    ['Error codes', faults.length === 0 ? 'none' : faults.join(', ')],
    ['Cost', costText(call)],
  ];
  return facts;
}

function fact([name, text]: readonly [string, string]): ComponentChild {
  return h('div', {}, [h('dt', {}, name), h('dd', {}, text)]);
}

function said(lines: readonly PastCallLine[]): ComponentChild {
  return h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'What was said and done' }, [
    h('table', {}, [
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Time', 'Who', 'What'].map((head) => h('th', { scope: 'col' }, head)),
        ),
      ),
      h('tbody', {}, lines.map(line)),
    ]),
  ]);
}

function line(one: PastCallLine): ComponentChild {
  const [who, text] = words(one);
  return h('tr', {}, [h('td', {}, clockTime(one.atMs)), h('td', {}, who), h('td', {}, text)]);
}

const stepWords = { called: 'is called', answered: 'answers', failed: 'fails' } as const;

function words(one: PastCallLine): [who: string, text: string] {
  switch (one.kind) {
    case 'said':
      return [one.speaker, one.cut ? `${one.text} — (cut short)` : one.text];
    case 'tool':
      return ['tool', `${one.name} ${stepWords[one.step]}`];
    case 'takenOver':
      return ['Parley', 'Another process goes on with the call.'];
  }
}
