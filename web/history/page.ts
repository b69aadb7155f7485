import { Component, type ComponentChild, h } from 'preact';
import type { HistoryAnswer } from '../../src/console/history/history-answer.ts';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { AskError, getJson } from '../shared/ask.ts';
import { emptyNote, hasPage, loadingNote, problemNote, showPage } from '../shared/notices.ts';
import { callTable } from './call-table.ts';
import { type Filters, filtersIn, isFiltered, noFilters, searchOf } from './filters.ts';
import { filterForm } from './filter-form.ts';

interface Shown {
  readonly filters: Filters;
  /** Null before the first answer. */
  readonly calls: readonly PastCall[] | null;
  readonly next: string | null;
  readonly notices: readonly string[];
  readonly isAsking: boolean;
  readonly trouble: string | null;
}

/** The calls that were, the newest first, and the search for some of them. */
class HistoryPage extends Component<object, Shown> {
  override state: Shown = {
    filters: filtersIn(location.search),
    calls: null,
    next: null,
    notices: [],
    isAsking: false,
    trouble: null,
  };
  /** Counts the searches: an answer to an earlier one comes too late. */
  #asked = 0;

  override componentDidMount(): void {
    void this.#search(this.state.filters);
  }

  override render(): ComponentChild {
    const { filters, calls, notices, isAsking, trouble } = this.state;
    return h('div', {}, [
      h('h1', {}, 'History'),
      filterForm(filters, {
        onSearch: (wanted) => void this.#search(wanted),
        onClear: () => void this.#search(noFilters),
      }),
      trouble === null ? null : problemNote(trouble),
      ...notices.map((words) => h('p', { class: 'warn', role: 'status' }, words)),
      isAsking ? loadingNote('Looking for calls') : null,
      calls === null ? null : this.#found(calls),
    ]);
  }

  #found(calls: readonly PastCall[]): ComponentChild {
    const { filters, next, notices, isAsking } = this.state;
    // Where something is missing, the notices say why there is nothing.
    if (calls.length === 0) return isAsking || notices.length > 0 ? null : nothing(filters);
    return h('div', {}, [
      h('div', { class: 'found' }, [
        h('span', { class: 'soft', role: 'status' }, shownText(calls.length, next !== null)),
        h('span', {}, ['Export: ', exportLink('csv', filters), ' ', exportLink('json', filters)]),
      ]),
      callTable(calls),
      next === null
        ? null
        : h(
            'button',
            { class: 'quiet', disabled: isAsking, onClick: () => void this.#older(next) },
            'Show older calls',
          ),
    ]);
  }

  async #search(filters: Filters): Promise<void> {
    history.replaceState(null, '', `${location.pathname}${searchOf(filters)}`);
    this.setState({ filters, calls: null, next: null, notices: [] });
    await this.#ask(searchOf(filters), []);
  }

  async #older(after: string): Promise<void> {
    const search = searchOf(this.state.filters);
    await this.#ask(`${search}${search === '' ? '?' : '&'}after=${encodeURIComponent(after)}`, this.state.calls ?? []);
  }

  async #ask(search: string, before: readonly PastCall[]): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.setState({ isAsking: true, trouble: null });
    try {
      const { calls, next, notices } = await getJson<HistoryAnswer>(`/api/calls${search}`);
      if (asked === this.#asked) this.setState({ calls: [...before, ...calls], next, notices, isAsking: false });
    } catch (error) {
      const trouble = error instanceof AskError ? error.message : String(error);
      if (asked === this.#asked) this.setState({ trouble, isAsking: false });
    }
  }
}

function nothing(filters: Filters): ComponentChild {
  if (isFiltered(filters)) return emptyNote(h('p', {}, 'No call matches. Search for less, or clear the search.'));
  return emptyNote(
    h('p', {}, 'No call has come in yet.'),
    h('p', {}, [
      'Call your number',
      hasPage('/phone') ? [', or talk to the agent here: ', h('a', { href: '/phone' }, 'Browser phone')] : null,
      '. Each call appears here as soon as it begins.',
    ]),
  );
}

function shownText(count: number, areMore: boolean): string {
  const calls = count === 1 ? '1 call' : `${count} calls`;
  return areMore ? `The latest ${calls}` : calls;
}

function exportLink(form: 'csv' | 'json', filters: Filters): ComponentChild {
  return h('a', { href: `/api/calls.${form}${searchOf(filters)}`, download: '' }, form.toUpperCase());
}

showPage(h(HistoryPage, {}));
