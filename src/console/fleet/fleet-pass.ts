import type { FleetKey } from './fleet-key.ts';

/** The header that holds a pass. */
export const passHeader = 'x-parley-pass';

/** Far longer than a pass is. */
const passCharsMax = 500;

/** What a pass is for: one request to one instance, for one viewer. */
export interface PassedRequest {
  readonly instance: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The name of the viewer's session. */
  readonly viewer: string;
}

/** A pass as it was read. Whether it is true is another question. */
export interface ReadPass {
  readonly instance: string;
  readonly viewer: string;
  readonly atMs: number;
  /** What no other pass has. */
  readonly once: string;
  readonly signature: string;
}

/** Writes a pass. `atMs`: Unix time. */
export function writePass(
  key: FleetKey,
  { instance, method, path, viewer }: PassedRequest,
  atMs: number,
  once: string,
): string {
  const signature = key.sign('pass', [instance, method, path, viewer, String(atMs), once]);
  return [instance, viewer, atMs, once, signature].join('.');
}

/** Null for a text that is no pass. */
export function readPass(text: string): ReadPass | null {
  if (text.length > passCharsMax) return null;
  const [, instance, viewer, atMs, once, signature] =
    /^([a-z0-9-]+)\.(\w{1,16})\.(\d{1,15})\.([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
  if (instance === undefined || viewer === undefined || once === undefined || signature === undefined) return null;
  return { instance, viewer, atMs: Number(atMs), once, signature };
}

/** Whether this pass was written with the key, for a request by this method to this path. */
export function isTrue(key: FleetKey, pass: ReadPass, method: string, path: string): boolean {
  const { instance, viewer, atMs, once, signature } = pass;
  return key.isSigned(signature, 'pass', [instance, method, path, viewer, String(atMs), once]);
}
