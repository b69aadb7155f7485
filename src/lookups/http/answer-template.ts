import { compile, JSONPathError, type JSONPathQuery } from 'json-p3';

/** A sentence with places for parts of an answer. */
export interface SayTemplate {
  /** What stands between the places: one more than there are places. */
  readonly texts: readonly string[];
  readonly places: readonly JSONPathQuery[];
}

/** Compiles a JSONPath of RFC 9535; a text says what is wrong with it. */
export function compilePath(path: string): JSONPathQuery | string {
  try {
    return compile(path);
  } catch (error) {
    if (error instanceof JSONPathError) return `is no JSONPath: ${error.message}`;
    throw error;
  }
}

/**
 * Compiles a sentence such as `It is {main.temp} degrees in {name}.`: each place is a JSONPath, whose beginning `$.` may be left out. A
 * text says what is wrong with it.
 */
export function compileSay(template: string): SayTemplate | string {
  const texts: string[] = [];
  const places: JSONPathQuery[] = [];
  let rest = template;
  for (;;) {
    const open = rest.indexOf('{');
    const close = rest.indexOf('}', open);
    if (open === -1) break;
    if (close === -1) return 'has a "{" that is not closed';
    const written = rest.slice(open + 1, close).trim();
    if (written === '') return 'has an empty place {}; it wants the name of a member of the answer';
    const path = compilePath(written.startsWith('$') ? written : `$${written.startsWith('[') ? '' : '.'}${written}`);
    if (typeof path === 'string') return `has a place {${written}} that ${path}`;
    texts.push(rest.slice(0, open));
    places.push(path);
    rest = rest.slice(close + 1);
  }
  return { texts: [...texts, rest], places };
}
