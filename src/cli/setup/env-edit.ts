import { parseEnvFile } from '../../config/env-file/parse-env.ts';
import { SetupFailure } from './setup-failure.ts';

/** Needs no quotes for any reader of such files. */
const plainValue = /^[\w./:@%+,-]+$/;

/** In this order: only between double ones is anything but the mark itself special. */
const marks = ["'", '"', '`'];

/** How a setting is written so that it is read as it is. Throws a SetupFailure for one that cannot be. */
export function assignment(name: string, value: string): string {
  const ways = [...(plainValue.test(value) ? [value] : []), ...marks.map((mark) => `${mark}${value}${mark}`)];
  const way = ways.find((written) => readSettings(`${name}=${written}\n`)?.get(name) === value);
  if (way !== undefined) return `${name}=${way}`;
  throw new SetupFailure(`${name} holds every kind of quotation mark, so it cannot be written into such a file.`);
}

/**
 * The text of such a file with some settings changed, each in its old place or at the end. Whatever else it says is read as before: if not,
 * it throws a SetupFailure.
 */
export function withSettings(text: string, settings: ReadonlyMap<string, string>): string {
  const missing = new Map(settings);
  const blocks = statements(text).map(({ name, lines }) => {
    const value = name === null ? undefined : settings.get(name);
    if (name === null || value === undefined) return lines;
    missing.delete(name);
    return [assignment(name, value)];
  });
  const kept = blocks.flat().join('\n').trimEnd();
  const added = [...missing].map(([name, value]) => assignment(name, value));
  const changed = `${[...(kept === '' ? [] : [kept]), ...added].join('\n')}\n`;
  checkOthers(text, changed, settings);
  return changed;
}

/** What stands in the file, an assignment over several lines as one. */
function statements(text: string): { readonly name: string | null; readonly lines: readonly string[] }[] {
  const lines = text.split('\n');
  const found: { name: string | null; lines: string[] }[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const [, name = null, value = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const count = name === null ? 1 : linesOf(value, lines.slice(at + 1));
    found.push({ name, lines: lines.slice(at, at + count) });
    at += count;
  }
  return found;
}

/** How many lines a value takes that begins so. A mark that nothing closes is none. */
function linesOf(value: string, next: readonly string[]): number {
  const mark = marks.find((one) => value.startsWith(one));
  if (mark === undefined || value.indexOf(mark, 1) !== -1) return 1;
  const end = next.findIndex((line) => line.includes(mark));
  return end === -1 ? 1 : end + 2;
}

function checkOthers(before: string, after: string, settings: ReadonlyMap<string, string>): void {
  const wanted = new Map([...(readSettings(before) ?? []), ...settings]);
  const got = readSettings(after);
  const names = new Set([...wanted.keys(), ...(got?.keys() ?? [])]);
  const wrong = [...names].filter((name) => wanted.get(name) !== got?.get(name));
  if (wrong.length === 0) return;
  throw new SetupFailure(`${wrong.join(', ')} would be read otherwise than before; mend the file by hand first.`);
}

/** What Parley reads in such a file; null when it would refuse it. */
function readSettings(text: string): ReadonlyMap<string, string> | null {
  const { problems, values } = parseEnvFile(new TextEncoder().encode(text), '.env');
  return problems.length > 0 ? null : new Map([...values].map(([name, { value }]) => [name, value]));
}
