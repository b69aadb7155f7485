/** How a database reads SQL. */
export type SqlDialect = 'postgres' | 'sqlite';

/** A query, with its placeholders cut out of it. */
export interface SqlQuery {
  /** What stands before the first placeholder, between them, and after the last: one more than there are `places`. */
  readonly texts: readonly string[];
  /** The name of each placeholder, in the order of the text. */
  readonly places: readonly string[];
}

const word = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;

/** What both read alike. The last part takes whatever is nothing of that. */
const common = {
  lineComment: String.raw`--[^\n]*`,
  text: String.raw`'(?:[^']|'')*'`,
  name: String.raw`"(?:[^"]|"")*"`,
  cast: '::',
  placeholder: String.raw`:(?<placeholder>[A-Za-z_]\w*)`,
  word: `(?<word>${word})`,
  rest: String.raw`\s+|[^]`,
};

const tokens: Readonly<Record<SqlDialect, RegExp>> = {
  postgres: tokenPattern([
    // Backslashes escape in texts with an E in front, and nothing does between dollar signs.
    String.raw`[eE]'(?:[^'\\]|''|\\[^])*'`,
    String.raw`\$(?<tag>${word})?\$[^]*?\$\k<tag>\$`,
    String.raw`(?<foreign>\$\d+)`,
  ]),
  sqlite: tokenPattern([
    String.raw`\/\*[^]*?(?:\*\/|$)`,
    String.raw`\[[^\]]*\]`,
    '`(?:[^`]|``)*`',
    String.raw`(?<foreign>\?\d*|[@$]\w+)`,
  ]),
};

function tokenPattern(own: readonly string[]): RegExp {
  const { lineComment, text, name, cast, placeholder, rest } = common;
  return new RegExp([lineComment, ...own, text, name, cast, placeholder, common.word, rest].join('|'), 'gu');
}

/** What a query may begin with. That it changes nothing, the database makes sure of. */
const beginnings: ReadonlySet<string> = new Set(['select', 'with', 'values']);

/** What of a text counts for the checks. */
interface Reading {
  readonly texts: string[];
  readonly places: string[];
  readonly problems: string[];
  firstWord: string | null;
  /** Whether a semicolon has ended the statement. */
  isOver: boolean;
}

/** Reads a query with `:name` placeholders, or says in sentences why it cannot be one. */
export function readQuery(sql: string, dialect: SqlDialect): SqlQuery | { readonly problems: readonly string[] } {
  const reading: Reading = { texts: [''], places: [], problems: [], firstWord: null, isOver: false };
  for (let index = 0; index < sql.length;) {
    const end = dialect === 'postgres' && sql.startsWith('/*', index) ? commentEnd(sql, index) : null;
    if (end !== null) {
      addText(reading, sql.slice(index, end));
      index = end;
      continue;
    }
    const pattern = tokens[dialect];
    pattern.lastIndex = index;
    const match = pattern.exec(sql);
    if (match === null) break;
    take(reading, match[0], match.groups ?? {});
    index += match[0].length;
  }
  const { texts, places, problems, firstWord } = reading;
  if (!beginnings.has(firstWord ?? '')) {
    problems.push('begins neither with SELECT nor with WITH or VALUES, and a lookup only reads');
  }
  return problems.length > 0 ? { problems: [...new Set(problems)] } : { texts, places };
}

/** The text as the database gets it. */
export function writeQuery({ texts, places }: SqlQuery, placeholder: (name: string) => string): string {
  return texts.map((text, index) => (index === 0 ? text : placeholder(places[index - 1] ?? '') + text)).join('');
}

function take(reading: Reading, token: string, groups: Readonly<Record<string, string | undefined>>): void {
  const isNothing = token.trim() === '' || token.startsWith('--') || token.startsWith('/*');
  if (reading.isOver && !isNothing && token !== ';') {
    reading.problems.push('holds more than one statement');
  }
  if (token === ';') {
    reading.isOver = true;
    return;
  }
  if (/^['"`[]$/.test(token) && token !== '[')
    reading.problems.push(`has a quotation mark ${token} that is not closed`);
  if (groups['foreign'] !== undefined) {
    reading.problems.push(`has ${groups['foreign']}, and a placeholder is written :name`);
  }
  if (groups['placeholder'] !== undefined) {
    reading.places.push(groups['placeholder']);
    reading.texts.push('');
    return;
  }
  if (groups['word'] !== undefined) reading.firstWord ??= token.toLowerCase();
  // Brackets may stand around the parts of a union; anything else in front of the first word is its own beginning.
  else if (!isNothing && token !== '(') reading.firstWord ??= token;
  addText(reading, token);
}

function addText({ texts }: Reading, text: string): void {
  texts.push((texts.pop() ?? '') + text);
}

/** PostgreSQL lets comments stand in comments. */
function commentEnd(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
