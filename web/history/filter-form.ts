import { type ComponentChild, h } from 'preact';
import { pastOutcomes } from '../../src/store/history/outcome-words.ts';
import type { Filters } from './filters.ts';

/** What the form leads to. */
export interface FilterActions {
  readonly onSearch: (filters: Filters) => void;
  readonly onClear: () => void;
}

/** The fields by which calls are looked for. */
export function filterForm(filters: Filters, { onSearch, onClear }: FilterActions): ComponentChild {
  const search = (event: Event): void => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) onSearch(filtersOf(new FormData(event.currentTarget)));
  };
  // With other filters it is another form, so that its fields show them.
  return h('form', { key: JSON.stringify(filters), class: 'filters', role: 'search', onSubmit: search }, [
    field(
      'Number',
      h('input', { name: 'number', type: 'search', inputMode: 'tel', size: 13, defaultValue: filters.number }),
    ),
    field('Words', h('input', { name: 'words', type: 'search', size: 17, defaultValue: filters.words })),
    field('Outcome', outcomes(filters.outcome)),
    field('From', h('input', { name: 'since', type: 'datetime-local', defaultValue: filters.since })),
    field('To', h('input', { name: 'until', type: 'datetime-local', defaultValue: filters.until })),
    h('div', { class: 'actions' }, [
      h('button', { type: 'submit' }, 'Search'),
      h('button', { type: 'button', class: 'quiet', onClick: onClear }, 'Clear'),
    ]),
  ]);
}

function outcomes(chosen: string): ComponentChild {
  const options = [['', 'any'] as const, ...pastOutcomes];
  return h(
    'select',
    { name: 'outcome' },
    options.map(([value, words]) => h('option', { value, selected: value === chosen }, words)),
  );
}

function field(label: string, input: ComponentChild): ComponentChild {
  return h('label', {}, [h('span', {}, label), input]);
}

function filtersOf(data: FormData): Filters {
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  return {
    number: text('number'),
    words: text('words'),
    outcome: text('outcome'),
    since: text('since'),
    until: text('until'),
  };
}
