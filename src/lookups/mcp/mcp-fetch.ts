/** One answer, or one stream of news. No answer that can be told on the telephone is longer, and a stream is opened again. */
const bytesMax = 4_000_000;

/**
 * The `fetch` by which a server is reached. Only the host of its address is asked: the SDK follows no redirect to another one. What is
 * longer than may be is cut, which breaks the connection to the server.
 */
export async function mcpFetch(input: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  let bytes = 0;
  const cap = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.length;
      if (bytes > bytesMax) controller.error(new RangeError(`The server sent more than ${bytesMax} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(cap), { status, statusText, headers });
}
