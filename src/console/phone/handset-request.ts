import { z } from 'zod';
import { parseJson } from '../../encoding/json.ts';

/** What a page asks of its call by text. */
const handsetRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('key'), digit: z.string().regex(/^[0-9*#]$/) }),
  z.strictObject({ type: z.literal('hangUp') }),
  z.strictObject({ type: z.literal('line'), isBad: z.boolean() }),
  z.strictObject({ type: z.literal('ping'), id: z.int().min(0) }),
]);

/** What a page asks of its call: a key, to hang up, a bad or good line, or a sign of life. */
export type HandsetRequest = z.output<typeof handsetRequest>;

/** Reads a text of a page; null for one that asks for nothing that there is. */
export function readHandsetRequest(text: string): HandsetRequest | null {
  const parsed = handsetRequest.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}
