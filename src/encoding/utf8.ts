/** No other character of UTF-8 holds this byte, so that lines can be read one by one. */
const newline = 0x0a;

/** The text of a file, without a byte order mark; or the first line, counted from 1, that is not UTF-8. A zero is taken for UTF-16. */
export function readUtf8(bytes: Uint8Array): { readonly text: string } | { readonly badLine: number } {
  const zero = bytes.indexOf(0);
  const sound = zero === -1 ? bytes : bytes.subarray(0, zero);
  const badLine = lineThatIsNotUtf8(sound);
  if (badLine !== null) return { badLine };
  if (zero !== -1) return { badLine: sound.filter((byte) => byte === newline).length + 1 };
  return { text: new TextDecoder().decode(bytes) };
}

/** The first line, counted from 1, that is not UTF-8; null where all are. */
export function lineThatIsNotUtf8(bytes: Uint8Array): number | null {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(newline, from);
    const to = end === -1 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to + 1;
  }
  return null;
}
