import { expect, test } from 'vitest';

import { readQuery, type SqlDialect, writeQuery } from '../../../src/lookups/sql/sql-text.ts';

const both: readonly SqlDialect[] = ['postgres', 'sqlite'];

/** The query with its placeholders as `<name>`, or its problems. */
function read(sql: string, dialect: SqlDialect): string {
  const query = readQuery(sql, dialect);
  return 'problems' in query ? query.problems.join('; ') : writeQuery(query, (name) => `<${name}>`);
}

test.each([
  ['SELECT a FROM t WHERE b = :b AND c > :c_2', 'SELECT a FROM t WHERE b = <b> AND c > <c_2>'],
  [
    'SELECT \':a\', ":b" FROM t -- :c\nWHERE d = :d /* :e */;',
    'SELECT \':a\', ":b" FROM t -- :c\nWHERE d = <d> /* :e */',
  ],
  ["SELECT 'it''s :a' || :b;;\n-- the end; really", "SELECT 'it''s :a' || <b>\n-- the end; really"],
  [
    '-- first\n/* then */ with x AS (SELECT 1) SELECT * FROM x',
    '-- first\n/* then */ with x AS (SELECT 1) SELECT * FROM x',
  ],
  ['(SELECT 1) UNION (SELECT :a)', '(SELECT 1) UNION (SELECT <a>)'],
  ['values (:a)', 'values (<a>)'],
  ['SELECT größe FROM maße WHERE größe = :g', 'SELECT größe FROM maße WHERE größe = <g>'],
])('placeholders stand outside of texts, names and comments: %s', (sql, expected) => {
  for (const dialect of both) expect(read(sql, dialect)).toBe(expected);
});

test('PostgreSQL has casts, texts between dollars, escapes and comments within comments', () => {
  const sql = String.raw`SELECT b::text, $$ :a; $$, $x$ $$ :b $x$, E'\' :c', c$d$ /* /* :e */ ; :f */ FROM t WHERE g = :g::int`;
  expect(read(sql, 'postgres')).toBe(sql.replace('= :g', '= <g>'));
  expect(read('SELECT a[1:2], b ? :key', 'postgres')).toBe('SELECT a[1:2], b ? <key>');
});

test('SQLite has names in brackets and backticks', () => {
  expect(read('SELECT [a:b], `c:d` FROM t WHERE e = :e', 'sqlite')).toBe('SELECT [a:b], `c:d` FROM t WHERE e = <e>');
});

const notReading = 'begins neither with SELECT nor with WITH or VALUES, and a lookup only reads';

test.each([
  ['', notReading],
  ['-- SELECT 1', notReading],
  ['DELETE FROM t', notReading],
  ["COPY t TO PROGRAM 'sh'", notReading],
  ['SELECT 1; DROP TABLE t', 'holds more than one statement'],
  ["SELECT 1;;'x'", 'holds more than one statement'],
  ["SELECT 'open", "has a quotation mark ' that is not closed"],
  ['SELECT "open', 'has a quotation mark " that is not closed'],
  ['EXPLAIN SELECT 1; DELETE FROM t', `holds more than one statement; ${notReading}`],
])('what is no single query is refused: %s', (sql, problems) => {
  for (const dialect of both) expect(read(sql, dialect)).toBe(problems);
});

test.each([
  ['postgres' as const, '$1'],
  ['sqlite' as const, '?'],
  ['sqlite' as const, '@a'],
  ['sqlite' as const, '$a'],
])('%s: the placeholder %s is refused', (dialect, placeholder) => {
  expect(read(`SELECT a FROM t WHERE b = ${placeholder}`, dialect)).toBe(
    `has ${placeholder}, and a placeholder is written :name`,
  );
});

test('a text of a hundred thousand signs is read in a moment, closed or not', () => {
  const long = 'x'.repeat(100_000);
  for (const dialect of both) {
    expect(read(`SELECT '${long}'`, dialect)).toHaveLength(100_009);
    expect(read(`SELECT '${long}`, dialect)).toContain('is not closed');
    expect(read(`SELECT ${"''".repeat(50_000)}`, dialect)).toHaveLength(100_007);
  }
});
