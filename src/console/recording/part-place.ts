import type { AskedPages } from '../joined/ask-pages.ts';
import type { CallHead } from './envelope.ts';

/** Where a part of a recording is. */
export interface PartPlace {
  readonly part: CallHead['part'] & { readonly by: string };
  /** Which one it is of those in the same folder. */
  readonly numberThere: number;
  readonly isHere: boolean;
  /** The pages of whoever has it; null when they cannot be asked. */
  readonly pages: AskedPages | null;
}

/** The address of a part at the process that has it. It is told what the part is of the whole. */
export function pathThere(path: string, { part: { number, count, by }, numberThere }: PartPlace): string {
  return `${path}?${new URLSearchParams({ part: String(numberThere), number: String(number), count: String(count), by }).toString()}`;
}

/** What another process has told of the part that it asks for; null for whoever has told nothing. */
export function toldPart({ number, count, by }: Record<string, unknown>): CallHead['part'] | null {
  if (typeof by !== 'string' || !/^[a-z0-9-]{1,64}$/.test(by)) return null;
  const [at, all] = [Number(number), Number(count)];
  return Number.isInteger(at) && Number.isInteger(all) ? { number: at, count: all, by } : null;
}
