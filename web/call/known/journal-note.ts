import { h } from 'preact';
import type { PastCall } from '../../../src/store/history/call-history.ts';
import { agentText } from '../../../src/store/history/agent-words.ts';
import { callerText } from '../../../src/store/history/caller-words.ts';

/** What the journal knows of a call that has a recording: who, and why it ended so. */
export function JournalNote({ call }: { call: PastCall }) {
  return h(
    'div',
    { class: 'journal' },
    call.why === null ? null : h('p', { class: 'why' }, call.why),
    facts([
      ['Caller', callerText(call)],
      ['Called', call.to ?? 'number withheld'],
      ['Agent', call.agent === null ? 'none' : agentText(call.agent)],
      ...(call.faults.length === 0 ? [] : [['Error codes', call.faults.join(', ')] as const]),
    ]),
  );
}

function facts(entries: readonly (readonly [string, string])[]) {
  return h(
    'dl',
    { class: 'facts' },
    entries.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))),
  );
}
