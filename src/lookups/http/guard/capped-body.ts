import type { ReadableStream } from 'node:stream/web';
import { TransformStream } from 'node:stream/web';

import { ParleyError } from '../../../errors.ts';

/** The same body, which fails with `fetch.tooLarge` where it grows beyond the limit. What is left of it is not fetched. */
export function cappedBody(
  body: ReadableStream<Uint8Array>,
  bytesMax: number,
  host: string,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes > bytesMax) {
          controller.error(new ParleyError('fetch.tooLarge', `${host} answered with more than ${bytesMax} bytes.`));
        } else controller.enqueue(chunk);
      },
    }),
  );
}
