import { type ComponentChild, type ComponentChildren, h } from 'preact';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { agentText } from '../../src/store/history/agent-words.ts';
import { callerText } from '../../src/store/history/caller-words.ts';
import { outcomeText } from '../../src/store/history/outcome-words.ts';
import { clockTime } from '../../src/store/history/clock-time.ts';
import { costText, dateAndTime } from '../shared/formats.ts';

/** Ends that show that all went well, and ends that show nothing. All others are failures. */
const goodOutcomes = new Set(['agentHungUp', 'transferred']);
const openOutcomes = new Set(['callerHungUp', 'endedByOperator']);

const heads = ['Started', 'Caller', 'Agent', 'Length', 'Outcome', 'Why', 'Cost'];
const numeric = new Set(['Length', 'Cost']);

/**
 * The calls as a table. A click on one opens its page. On a narrow screen each call becomes a card; the roles keep it a table for whoever
 * does not see it.
 */
export function callTable(calls: readonly PastCall[]): ComponentChild {
  return h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Calls' }, [
    h('table', { class: 'calls', role: 'table' }, [
      h('thead', { role: 'rowgroup' }, [
        h(
          'tr',
          { role: 'row' },
          heads.map((head) =>
            h('th', { scope: 'col', role: 'columnheader', class: numeric.has(head) ? 'number' : '' }, head),
          ),
        ),
      ]),
      h('tbody', { role: 'rowgroup' }, calls.map(row)),
    ]),
  ]);
}

function row(call: PastCall): ComponentChild {
  const { callSid, to, agent, startedAtMs, endedAtMs, outcome, why, faults } = call;
  const page = `/call/${encodeURIComponent(callSid)}`;
  const open = (event: MouseEvent): void => {
    const isLink = event.target instanceof Element && event.target.closest('a') !== null;
    // Whoever marks a text wants to copy it.
    if (!isLink && getSelection()?.isCollapsed !== false) location.assign(page);
  };
  return h('tr', { key: callSid, role: 'row', onClick: open }, [
    cell('when', h('a', { href: page }, dateAndTime(startedAtMs))),
    cell('who', [h('div', {}, callerText(call)), to === null ? null : h('div', { class: 'soft' }, `to ${to}`)]),
    cell('agent', agent === null ? '–' : agentText(agent)),
    cell('length number', endedAtMs === null ? '–' : clockTime(endedAtMs - startedAtMs)),
    cell(`outcome ${outcomeClass(call)}`, outcomeText(outcome)),
    cell('why', [why ?? '', faults.length === 0 ? null : h('div', { class: 'soft' }, faults.join(', '))]),
    cell('cost number', endedAtMs === null ? '–' : costText(call)),
  ]);
}

function cell(name: string, content: ComponentChildren): ComponentChild {
  return h('td', { class: name, role: 'cell' }, content);
}

function outcomeClass({ outcome, faults }: PastCall): string {
  if (outcome === null) return 'soft';
  if (!goodOutcomes.has(outcome) && !openOutcomes.has(outcome)) return 'bad';
  if (faults.length > 0) return 'warn';
  return goodOutcomes.has(outcome) ? 'good' : '';
}
