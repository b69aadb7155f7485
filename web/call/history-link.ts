import { type ComponentChild, h } from 'preact';
import { hasPage } from '../shared/notices.ts';

/** The way back to the history, and to the search in it from which the viewer came; none in a file of its own. */
export function historyLink(): ComponentChild {
  return hasPage('/history') ? h('a', { class: 'back', href: `/history${searchBefore()}` }, '← History') : null;
}

function searchBefore(): string {
  if (document.referrer === '') return '';
  const { origin, pathname, search } = new URL(document.referrer);
  return origin === location.origin && pathname === '/history' ? search : '';
}
