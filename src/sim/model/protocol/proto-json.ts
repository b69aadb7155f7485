import { z } from 'zod';
import { decodeBase64 } from '../../../encoding/base64.ts';
import { isJsonObject } from '../../../encoding/json.ts';

// What a protocol buffer may look like in JSON, as far as clients make use of it (GM-JSON-1).

/**
 * The schema of a message. Its fields are named in camelCase, and a client may also spell them as the proto does; null says that a field
 * is not set. Every other key is refused, wherever it stands (GM-SETUP-2).
 */
export function protoMessage<const Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = new Map(
    Object.keys(shape).flatMap((name) => [[name, name] as const, [protoName(name), name] as const]),
  );
  return z.preprocess((value) => (isJsonObject(value) ? renamed(value, names) : value), z.strictObject(shape));
}

function renamed(message: object, names: ReadonlyMap<string, string>): object {
  const members: [string, unknown][] = [];
  for (const [key, value] of Object.entries(message)) {
    const name = names.get(key);
    if (name === undefined) members.push([key, value]);
    else if (value !== null) members.push([name, value]);
  }
  return Object.fromEntries(members);
}

/** JSON has no 64-bit integers: they are written as strings, and as numbers where these are exact. */
export const int64 = z.union([z.string().regex(/^-?\d+$/), z.int()]).transform(Number);
/** A string of digits is taken here as well. */
export const int32 = int64.pipe(z.int32());
export const float = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?$/)
    .transform(Number),
]);
/** `google.protobuf.Struct`, and every message whose members nobody looks at. */
export const anyObject = z.record(z.string(), z.unknown());

/** The bytes of a field: base64 of either alphabet, with or without padding. Null for anything else. */
export function decodeBytes(text: string): Uint8Array | null {
  return decodeBase64(text) ?? decodeBase64(plainBase64(text));
}

function plainBase64(text: string): string {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
}

/** Where a field stands, as the service names it: `setup.tools[0].function_declarations[1]`. */
export function protoPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += `.${protoName(String(key))}`;
  }
  return text.slice(1);
}

/** What the service says of a key that it does not know at this path (GM-SETUP-2). */
export function unknownName(key: string, path: readonly PropertyKey[]): string {
  const at = path.length === 0 ? '' : ` at '${protoPath(path)}'`;
  return `Invalid JSON payload received. Unknown name "${key}"${at}: Cannot find field.`;
}

function protoName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
