import type { AskedPages } from '../joined/ask-pages.ts';
import type { CallHead } from './envelope.ts';

/** Where a part of a recording is. */
export interface PartPlace {
  readonly part: CallHead['part'];
  /** The name of its log. */
  readonly log: string;
  /** The process that has it, and its pages; null when it is here. */
  readonly elsewhere: { readonly by: string; readonly pages: AskedPages | null } | null;
}

/** The address of a part at the process that has it. It is told what the part is of the whole. */
export function pathThere(path: string, { part: { number, count, by }, log }: PartPlace): string {
  const query = { log, number: String(number), count: String(count), ...(by !== null && { by }) };
  return `${path}?${new URLSearchParams(query).toString()}`;
}

/** What another process has told of the part that it asks for; null for whoever has told nothing. */
export function toldPart({ number, count, by }: Record<string, unknown>): CallHead['part'] | null {
  if (typeof by !== 'string' || !/^[a-z0-9-]{1,64}$/.test(by)) return null;
  const [at, all] = [Number(number), Number(count)];
  return Number.isInteger(at) && Number.isInteger(all) ? { number: at, count: all, by } : null;
}
