import { parseEnv } from 'node:util';

import type { EnvFile } from './env-file.ts';
import { envText } from './env-text.ts';
import { afterQuoteProblem, literalWarning, unquotedProblem } from './env-value.ts';

/** More tell nothing new: the file is of another kind. */
const problemsMax = 20;

/** As many as one looks for. */
const linesNamedMax = 5;

interface Statement {
  /** Counted from 1. */
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/**
 * Reads a file such as `.env`. Node's own parser reads each value; what stands here says line by line what it would misread. No message
 * holds a value.
 */
export function parseEnvFile(bytes: Uint8Array, label: string): EnvFile {
  const decoded = envText(bytes);
  if ('problem' in decoded) return new EnvReader(label).result([`${label} ${decoded.problem}.`], []);
  const reader = new EnvReader(label);
  reader.read(decoded.text.split('\n'));
  return reader.result(
    [],
    decoded.mended.map((what) => `${label} ${what}; Parley reads past that, and other programs may not.`),
  );
}

class EnvReader {
  readonly #label: string;
  readonly #statements: Statement[] = [];
  readonly #comments = new Map<string, Statement>();
  readonly #unread = new Set<string>();
  readonly #problems: { readonly line: number; readonly text: string }[] = [];
  readonly #warnings: string[] = [];
  /** Lines by what was mended in them. */
  readonly #mended = new Map<string, number[]>();

  constructor(label: string) {
    this.#label = label;
  }

  read(lines: readonly string[]): void {
    for (let index = 0; index < lines.length;) index += this.#readFrom(lines, index);
  }

  result(problems: readonly string[], warnings: readonly string[]): EnvFile {
    const values = this.#oneOfEach();
    const found = this.#problems.toSorted((a, b) => a.line - b.line).map(({ text }) => text);
    const more = found.length - problemsMax;
    if (more > 0) found.splice(problemsMax, more, `${this.#label} has ${more} more lines that cannot be read.`);
    const mended = [...this.#mended].map(
      ([what, lines]) =>
        `${this.#label} has ${what} in ${counted(lines)}; Parley reads past that, and other programs may not.`,
    );
    return {
      label: this.#label,
      values,
      unread: this.#unread,
      comments: this.#comments,
      problems: [...problems, ...found],
      warnings: [...warnings, ...mended, ...this.#warnings],
    };
  }

  /** Reads what begins in a line, and returns how many lines it has. */
  #readFrom(lines: readonly string[], index: number): number {
    const text = lines[index] ?? '';
    const line = index + 1;
    if (/^\s*$/.test(text)) return 1;
    if (/^\s*#/.test(text)) {
      const [, name, value] = /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(text) ?? [];
      if (name !== undefined && value !== undefined) this.#comments.set(name, { line, name, value: value.trim() });
      return 1;
    }
    const equals = text.indexOf('=');
    if (equals === -1) {
      this.#refuse(line, null, 'is not NAME=value; a value of several lines wants quotes around the whole of it');
      return 1;
    }
    const before = text.slice(0, equals);
    const given = text.slice(equals + 1);
    const name = before.replace(/^\s*export\s+/, '').trim();
    const wrong = nameProblem(name);
    if (wrong !== null) {
      this.#refuse(line, null, `has no setting's name before its "=", because ${wrong}`);
      return 1;
    }
    if (/^\s*export\s/.test(before)) this.#mend('the word "export"', line);
    const spaces = before.replace(/\S/g, '') + (/^\s*(?=\S)/.exec(given)?.[0] ?? '');
    if (/[^ \t]/.test(spaces)) this.#mend('a space that is no plain space', line);
    else if (/\s$/.test(before) || /^\s+\S/.test(given)) this.#mend('spaces around "="', line);
    return this.#readValue({ lines, index, name, given: given.trimStart() });
  }

  #readValue(at: { lines: readonly string[]; index: number; name: string; given: string }): number {
    const { name, given } = at;
    const line = at.index + 1;
    const mark = /^["'`]/.exec(given)?.[0] ?? null;
    if (mark !== null) return this.#readQuoted({ ...at, mark });
    const value = given.trimEnd();
    const problem = unquotedProblem(value);
    if (problem === null) this.#take(line, name, value, null);
    else this.#refuse(line, name, problem);
    return 1;
  }

  #readQuoted(at: { lines: readonly string[]; index: number; name: string; given: string; mark: string }): number {
    const { lines, index, name, given, mark } = at;
    const line = index + 1;
    let whole = given;
    let end = given.indexOf(mark, 1);
    let count = 1;
    for (; end === -1; count += 1) {
      const next = lines[index + count];
      if (next === undefined) {
        this.#refuse(line, name, `opens with a ${mark} that nothing closes; put one behind the value`);
        return 1;
      }
      if (/^\s*(export\s+)?[A-Z][A-Z0-9_]+\s*=/.test(next)) {
        const where = `line ${line + count}, which begins with another NAME=`;
        this.#refuse(line, name, `opens with a ${mark} that nothing closes before ${where}; put one behind the value`);
        return count;
      }
      const found = next.indexOf(mark);
      if (found !== -1) end = whole.length + 1 + found;
      whole += `\n${next}`;
    }
    const problem = afterQuoteProblem(mark, whole.slice(end + 1));
    if (problem === null) this.#take(line, name, whole.slice(0, end + 1), mark);
    else this.#refuse(line, name, problem);
    return count;
  }

  #take(line: number, name: string, source: string, mark: string | null): void {
    if (holdsControl(source)) {
      this.#refuse(line, name, 'holds a control character, such as a NUL; leave it out');
      return;
    }
    const value = parseEnv(`${name}=${source}`)[name];
    if (value === undefined) {
      this.#refuse(line, name, 'cannot be read; put the whole value in quotes');
      return;
    }
    const warning = literalWarning(source, mark);
    if (warning !== null) this.#warnings.push(`${this.#label} line ${line}: ${name} ${warning}.`);
    this.#statements.push({ line, name, value });
  }

  #refuse(line: number, name: string | null, what: string): void {
    if (name !== null) this.#unread.add(name);
    this.#problems.push({ line, text: `${this.#label} line ${line}: ${name === null ? 'this' : name} ${what}.` });
  }

  #mend(what: string, line: number): void {
    const lines = this.#mended.get(what);
    if (lines === undefined) this.#mended.set(what, [line]);
    else lines.push(line);
  }

  /** A name that stands twice is taken when nothing is lost: when all but one are empty, or all say the same. */
  #oneOfEach(): Map<string, Statement> {
    const values = new Map<string, Statement>();
    for (const [name, all] of Map.groupBy(this.#statements, (statement) => statement.name)) {
      const filled = all.filter(({ value }) => value.trim() !== '');
      const [first, ...others] = filled.length === 0 ? all : filled;
      if (first === undefined) continue;
      const lines = counted(all.map(({ line }) => line));
      if (others.some(({ value }) => value !== first.value))
        this.#refuse(first.line, name, `stands with different values in ${lines}; keep one of them`);
      else values.set(name, first);
      if (all.length > 1 && values.has(name))
        this.#warnings.push(`${this.#label} has ${name} in ${lines}; line ${first.line} counts.`);
    }
    return values;
  }
}

function nameProblem(name: string): string | null {
  if (name === '') return 'nothing stands there';
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return null;
  const [invisible] = /[^\P{C}\t]|[\u00a0\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]/u.exec(name) ?? [];
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `it holds an invisible character (U+${code}); type the line anew`;
  }
  if (/\s/.test(name)) return 'it is more than one word; a value of several lines wants quotes around the whole of it';
  return 'it wants letters, digits and "_" only';
}

/** Tabs and line breaks are no control characters to people. */
function holdsControl(text: string): boolean {
  return /[^\P{Cc}\t\n]/u.test(text);
}

function counted(lines: readonly number[]): string {
  if (lines.length === 1) return `line ${lines[0]}`;
  const more = lines.length - linesNamedMax;
  return more > 0
    ? `lines ${lines.slice(0, linesNamedMax).join(', ')} and ${more} more`
    : `lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
}
