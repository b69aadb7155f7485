import { type ComponentChild, h } from 'preact';
import { hasPage } from './notices.ts';

/** Leads to all that is known of a call, where this service has a page for it. */
export function wholeCallLink(callSid: string, words: string): ComponentChild {
  return hasPage('/call/:callSid') ? h('a', { href: `/call/${encodeURIComponent(callSid)}` }, words) : null;
}
