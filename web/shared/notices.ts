import { type ComponentChild, type ComponentChildren, h, render } from 'preact';

/** Shows a page in its place. */
export function showPage(page: ComponentChild): void {
  const place = document.querySelector('#page');
  if (place === null) return;
  place.replaceChildren();
  render(page, place);
}

/** Whether this service has a page at this path, such as `/phone` or `/call/:callSid`. */
export function hasPage(path: string): boolean {
  return document.documentElement.dataset['pages']?.split(' ').includes(path) === true;
}

/** What is being waited for. */
export function loadingNote(what: string): ComponentChild {
  return h('p', { class: 'soft', role: 'status', 'data-loading': true }, `${what} …`);
}

/** What went wrong and what to do about it. */
export function problemNote(words: string): ComponentChild {
  return h('p', { class: 'problem', role: 'alert' }, words);
}

/** That there is nothing, and what to do so that there is. */
export function emptyNote(...words: ComponentChildren[]): ComponentChild {
  return h('div', { class: 'empty' }, ...words);
}
