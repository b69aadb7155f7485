import { fillTemplate, placeholdersOf, type Arguments } from './placeholders.ts';

/** The parts of an address with places for arguments. Scheme and host hold none. */
interface UrlTemplate {
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

/** Takes an address apart; a text says what is wrong with it, as the rest of a sentence about it. */
export function parseUrlTemplate(text: string): UrlTemplate | string {
  const [, origin = '', path = '', query = ''] = /^([^/?#]*\/\/[^/?#]*)([^?#]*)\??([^#]*)$/.exec(text) ?? [];
  if (text.includes('#')) return 'holds a "#", which is never sent; leave it and what follows out';
  if (placeholdersOf(origin).length > 0 || /[{}]/.test(origin)) {
    return 'has a placeholder before the path; scheme, host and port must be fixed';
  }
  if (/[\s\\\p{Cc}]/u.test(text)) return 'holds a space, a line break or a "\\"; write %20 for a space';
  const url = URL.parse(origin);
  if (url === null || !/^https?:\/\//i.test(origin) || url.hostname === '') {
    return 'is no address; it wants https://, a host and a path, such as https://api.example.com/orders/{order}';
  }
  if (url.username !== '' || url.password !== '') return 'holds a user name or password; it wants a header for that';
  if (query.split('&').some((part) => placeholdersOf(part.split('=')[0] ?? '').length > 0)) {
    return 'has a placeholder in the name of a query value; names must be fixed';
  }
  return { origin: url.origin, path: path === '' ? '/' : path, query };
}

/**
 * The address with its arguments, each encoded so that it stays one segment of the path or one value of the query. Null when an argument
 * would change the path, as ".." does.
 */
export function fillUrl({ origin, path, query }: UrlTemplate, args: Arguments): URL | null {
  const filledPath = path
    .split('/')
    .map((segment) => {
      const filled = fillTemplate(segment, args, encodeURIComponent);
      const isSteering = /^(?:\.|%2e){1,2}$/i.test(filled) || filled === '';
      return placeholdersOf(segment).length > 0 && isSteering ? null : filled;
    })
    .reduce<string | null>((whole, segment) => (whole === null || segment === null ? null : `${whole}/${segment}`), '');
  if (filledPath === null) return null;
  const url = new URL(origin);
  // The first segment of a path that begins with a slash is empty.
  url.pathname = filledPath.slice(1);
  url.search = fillTemplate(query, args, encodeURIComponent);
  return url;
}
