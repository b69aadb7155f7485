import { type ComponentChild, h } from 'preact';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { outcomeText } from '../../src/store/history/outcome-words.ts';
import { clockTime, dateAndTime, dollars } from '../shared/formats.ts';

/** Ends with which a caller got what was wanted, as far as Parley can tell. */
const goodOutcomes = new Set(['callerHungUp', 'agentHungUp', 'transferred', 'endedByOperator']);

const heads = ['Started', 'Number', 'Agent', 'Length', 'Outcome', 'Why', 'Cost'];

/** The calls as a table. A click on one opens its page. */
export function callTable(calls: readonly PastCall[]): ComponentChild {
  return h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Calls' }, [
    h('table', { class: 'calls' }, [
      h('thead', {}, [
        h(
          'tr',
          {},
          heads.map((head) => h('th', { scope: 'col' }, head)),
        ),
      ]),
      h('tbody', {}, calls.map(row)),
    ]),
  ]);
}

function row(call: PastCall): ComponentChild {
  const { callSid, from, to, agent, source, startedAtMs, endedAtMs, outcome, why, faults, costUsd } = call;
  const page = `/call/${encodeURIComponent(callSid)}`;
  const open = (event: MouseEvent): void => {
    const isLink = event.target instanceof Element && event.target.closest('a') !== null;
    // Whoever marks a text wants to copy it.
    if (!isLink && getSelection()?.isCollapsed !== false) location.assign(page);
  };
  return h('tr', { key: callSid, onClick: open }, [
    h('td', { class: 'when' }, h('a', { href: page }, dateAndTime(startedAtMs))),
    h('td', { class: 'when' }, [
      h('div', {}, from ?? (source === 'browser' ? 'browser' : 'withheld')),
      to === null ? null : h('div', { class: 'soft' }, `to ${to}`),
    ]),
    h('td', {}, agent ?? '–'),
    h('td', { class: 'number' }, endedAtMs === null ? '–' : clockTime(endedAtMs - startedAtMs)),
    h('td', { class: `when ${outcomeClass(call)}` }, outcomeText(outcome)),
    h('td', { class: 'why' }, [why ?? '', faults.length === 0 ? null : h('div', { class: 'soft' }, faults.join(', '))]),
    h('td', { class: 'number' }, costUsd === null ? '–' : dollars(costUsd)),
  ]);
}

function outcomeClass({ outcome, faults }: PastCall): string {
  if (outcome === null) return 'soft';
  if (!goodOutcomes.has(outcome)) return 'bad';
  return faults.length === 0 ? 'good' : 'warn';
}
