import type { RawData } from 'ws';

/** The text of a WebSocket frame. `ws` hands over one buffer, unless it is told otherwise. */
export function frameText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
