const formType = 'content-type: application/x-www-form-urlencoded';

/** A request as it goes over the wire. The length of its body is added unless a header speaks of it. */
export function requestText(target: string, headers: readonly string[] = [], body: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(body);
  const speaksOfLength = headers.some((header) => /^(?:content-length|transfer-encoding|upgrade):/i.test(header));
  const lines = [target + ' HTTP/1.1', 'host: parley.example', ...headers];
  if (!speaksOfLength) lines.push(`content-length: ${bytes.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/** A form that is posted to a webhook. */
export function formText(path: string, body: string | Uint8Array, headers: readonly string[] = []): Buffer {
  return requestText(`POST ${path}`, [formType, ...headers], body);
}
