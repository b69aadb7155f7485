import { type ComponentChild, h } from 'preact';
import type { LiveCall } from '../../src/console/live/picture/live-call.ts';
import { agentText } from '../../src/store/history/agent-words.ts';
import { callerText } from '../../src/store/history/caller-words.ts';
import { clockTime } from '../../src/store/history/clock-time.ts';
import { costText, timeOfDay, wholeCount } from '../shared/formats.ts';
import { emptyNote, hasPage } from '../shared/notices.ts';
import { waitBars } from './waits.ts';
import { liveOutcomeText, goodOutcomes, healthWords, speaksText, stageWords } from './words.ts';

/** The calls that are live. `nowMs`: by the clock of the service. */
export function callsTable(calls: readonly LiveCall[], nowMs: number): ComponentChild {
  if (calls.length === 0) {
    const call = hasPage('/phone')
      ? ['Call your number, or talk to the agent here: ', h('a', { href: '/phone' }, 'Browser phone'), '.']
      : ['Call your number to see one.'];
    return emptyNote(h('p', {}, 'No calls now.'), h('p', {}, call));
  }
  const hasProcesses = calls.some(({ process }) => process !== null);
  const ofProcess = hasProcesses ? ['Process'] : [];
  const heads = ['Caller', 'Agent', ...ofProcess, 'Since', 'Now', 'Last words', 'Waits', 'Model', 'Cost'];
  // On a narrow screen rows are cards, and a browser then forgets that this is a table.
  return h('table', { class: 'calls', role: 'table' }, [
    h('caption', { class: 'spoken' }, 'Calls now'),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        heads.map((head) => h('th', { scope: 'col', role: 'columnheader' }, head)),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      calls.map((call) => row(call, nowMs, hasProcesses)),
    ),
  ]);
}

function row(call: LiveCall, nowMs: number, hasProcesses: boolean): ComponentChild {
  const { callSid, agent, to, process, startedAtMs, stage, lastWords, waitsMs, worstWaitMs, tools } = call;
  return h('tr', { key: callSid, role: 'row' }, [
    cell('Caller', h('a', { href: `#${callSid}` }, callerText(call))),
    cell('Agent', agentText(agent), to === null ? null : h('div', { class: 'soft' }, to)),
    hasProcesses ? cell('Process', process) : null,
    cell('Since', h('span', { title: timeOfDay(startedAtMs) }, clockTime(nowMs - startedAtMs))),
    cell(
      'Now',
      speaksMark(call),
      h('div', { class: 'soft' }, tools.length > 0 ? `Runs ${tools.join(', ')}` : stageWords[stage]),
    ),
    cell('Last words', wordsLine('Caller', 'caller', lastWords.caller), wordsLine('Agent', 'agent', lastWords.agent)),
    cell('Waits', waitBars(waitsMs, worstWaitMs)),
    cell('Model', healthMark(call), faultsNote(call.faults)),
    cell('Cost', costText(call)),
  ]);
}

/** Its label stands before it where a row is a card. */
function cell(label: string, ...children: ComponentChild[]): ComponentChild {
  return h('td', { 'data-label': label, role: 'cell' }, children);
}

/** Who speaks, as a mark and in words, as far as that is known. */
export function speaksMark(call: LiveCall): ComponentChild {
  const words = speaksText(call);
  return words === null ? null : h('span', { class: `speaks ${call.speaks}` }, words);
}

/** How the model session is. */
export function healthMark({ model: { health, sessions } }: LiveCall): ComponentChild {
  const { text, tone } = healthWords[health];
  const title = sessions < 2 ? undefined : `${sessions} sessions so far`;
  return h('span', { class: `health ${tone}`, title }, text);
}

function faultsNote(faults: number): ComponentChild {
  return faults === 0 ? null : h('div', { class: 'warn' }, faults === 1 ? '1 fault' : `${wholeCount(faults)} faults`);
}

function wordsLine(who: string, speaker: string, text: string): ComponentChild {
  if (text === '') return null;
  return h('div', { class: 'last-words' }, [h('span', { class: `who ${speaker}` }, `${who}: `), text]);
}

/** The calls that have just ended. */
export function endedList(ended: readonly LiveCall[]): ComponentChild {
  if (ended.length === 0) return null;
  return h('section', { 'aria-labelledby': 'ended' }, [
    h('h2', { id: 'ended' }, 'Just ended'),
    h(
      'ul',
      { class: 'ended' },
      ended.map((call) => endedItem(call)),
    ),
  ]);
}

function endedItem(call: LiveCall): ComponentChild {
  const { callSid, startedAtMs, end } = call;
  if (end === null) return null;
  return h('li', { key: callSid }, [
    h('a', { href: `#${callSid}` }, callerText(call)),
    h('span', { class: goodOutcomes.has(end.outcome) ? '' : 'bad' }, liveOutcomeText(end.outcome)),
    h('span', { class: 'soft' }, `${timeOfDay(end.atMs)}, after ${clockTime(end.atMs - startedAtMs)}`),
    h('span', { class: 'soft' }, costText(call)),
  ]);
}
