import { type ComponentChild, h } from 'preact';
import type { BoardSummary } from '../../src/console/live/board.ts';
import type { DayCounts } from '../../src/console/live/day-counts.ts';
import type { Problem } from '../../src/console/live/problems.ts';
import { timeOfDay, wholeCount } from '../shared/formats.ts';
import { callersTurnedAway, liveOutcomeText, goodOutcomes, turnedAwayWords } from './words.ts';

/** What needs attention, how much is in use, and what there was today. */
export function summaryView({ load, day, problems }: BoardSummary): ComponentChild {
  return h('div', {}, [
    problemsView(problems),
    h('dl', { class: 'tiles' }, [
      tile('Calls now', `${load.calls} of ${load.callsMax}`, load.isDraining ? 'The service is stopping.' : null),
      tile('Model sessions', wholeCount(load.modelSessions), null),
      tile('Calls today', wholeCount(day.calls), `since ${timeOfDay(day.sinceMs)}`),
      tile('Callers turned away today', wholeCount(callersTurnedAway(day.refused)), null),
    ]),
    countsView(day),
  ]);
}

function tile(name: string, value: string, note: string | null): ComponentChild {
  return h('div', { class: 'card tile' }, [
    h('dt', { class: 'soft' }, name),
    h('dd', {}, [h('strong', {}, value), note === null ? null : h('span', { class: 'soft' }, note)]),
  ]);
}

function problemsView(problems: readonly Problem[]): ComponentChild {
  if (problems.length === 0) return null;
  return h('section', { class: 'card problems', 'aria-labelledby': 'problems' }, [
    h('h2', { id: 'problems' }, 'Needs attention'),
    h('div', { role: 'status' }, h('ul', {}, problems.map(problemItem))),
  ]);
}

function problemItem({ code, what, remedy, met }: Problem): ComponentChild {
  return h('li', { key: code }, [
    h('strong', { class: 'bad' }, what),
    h('span', {}, ` ${remedy}`),
    h('span', { class: 'soft' }, ` ${code}${met === null ? '' : `, ${timesText(met)}`}`),
  ]);
}

function timesText({ times, lastMs }: { readonly times: number; readonly lastMs: number }): string {
  return `${times === 1 ? 'once' : `${wholeCount(times)} times`}, last at ${timeOfDay(lastMs)}`;
}

function countsView({ byOutcome, refused }: DayCounts): ComponentChild {
  const outcomes = Object.entries(byOutcome);
  const refusals = Object.entries(refused);
  if (outcomes.length + refusals.length === 0) return null;
  return h('details', { class: 'counts' }, [
    h('summary', {}, 'How today’s calls ended, and what was turned away'),
    h('ul', {}, [
      ...outcomes.map(([outcome, count]) =>
        h(
          'li',
          { class: goodOutcomes.has(outcome) ? '' : 'bad' },
          `${wholeCount(count)} × ${liveOutcomeText(outcome)}`,
        ),
      ),
      ...refusals.map(([code, count]) =>
        h('li', { class: 'soft' }, `${wholeCount(count)} × turned away: ${turnedAwayWords(code)}`),
      ),
    ]),
  ]);
}
