/** What is looked for, as it stands in the fields. Times are local, as a field for them has them: `2026-11-28T15:04`. */
export interface Filters {
  readonly number: string;
  readonly words: string;
  readonly outcome: string;
  readonly since: string;
  readonly until: string;
}

/** Every call. */
export const noFilters: Filters = { number: '', words: '', outcome: '', since: '', until: '' };

/** The filters that the address of the page holds. */
export function filtersIn(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const text = (name: string): string => parameters.get(name) ?? '';
  return {
    number: text('number'),
    words: text('words'),
    outcome: text('outcome'),
    since: localField(text('since')),
    until: localField(text('until')),
  };
}

/** The filters as the search part of an address; times are Unix ms. */
export function searchOf({ number, words, outcome, since, until }: Filters): string {
  const parameters = new URLSearchParams();
  const wanted = { number, words, outcome, since: unixText(since), until: unixText(until) };
  for (const [name, value] of Object.entries(wanted)) if (value.trim() !== '') parameters.set(name, value.trim());
  const search = parameters.toString();
  return search === '' ? '' : `?${search}`;
}

export function isFiltered(filters: Filters): boolean {
  return searchOf(filters) !== '';
}

function unixText(local: string): string {
  const unixMs = new Date(local).getTime();
  return local === '' || Number.isNaN(unixMs) ? '' : String(unixMs);
}

function localField(text: string): string {
  if (!/^\d{1,15}$/.test(text)) return '';
  const date = new Date(Number(text));
  if (Number.isNaN(date.getTime())) return '';
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
