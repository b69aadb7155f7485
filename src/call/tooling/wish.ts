import type { ToolCall } from './tool-call.ts';

/**
 * What two tool calls have in common that want the very same: the name and the arguments, in whatever order their keys stand. Texts that
 * sound the same are the same: how a sign is put together and how wide a space is, nobody hears.
 */
export function wishOf({ name, args }: Pick<ToolCall, 'name' | 'args'>): string {
  return `${name} ${canonicalJson(args)}`;
}

/** A name for a wish that is the same in every process: short, and of letters, digits, "_" and "-". */
export function wishName(wish: string): string {
  const tool = wish.slice(0, wish.indexOf(' '));
  return `${tool}-${hash(wish, 0x811c9dc5)}${hash(wish, 0x2f0b4c47)}`;
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'string') return JSON.stringify(value.normalize('NFC').replaceAll(/\s+/g, ' ').trim());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** FNV-1a over the UTF-16 units, from this basis. The two of a name make 64 bits: no two wishes of one call share them by chance. */
function hash(text: string, basis: number): string {
  let sum = basis;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
