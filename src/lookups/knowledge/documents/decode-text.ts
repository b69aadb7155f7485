/** Text, and how it was written where that had to be guessed. */
interface DecodedText {
  readonly text: string;
  /** A sentence without its subject, the file; null where nothing had to be guessed. */
  readonly warning: string | null;
}

/** As much of a page as its encoding must be named in, by the HTML standard. */
const pageHeadBytes = 1_024;

/** Text has tabs and line breaks, and hardly ever one of the other control characters. */
const controlShareMax = 0.01;

/** As much of a file as shows whether it is text. */
const sampleCharactersMax = 200_000;

/** Decodes a file by its byte order mark, by what a page of HTML says of itself, or as UTF-8. Null where it holds no text. */
export function decodeText(bytes: Uint8Array, isHtml: boolean): DecodedText | null {
  const named = markedEncoding(bytes) ?? (isHtml ? encodingOfPage(bytes) : null);
  const decoded = named === null ? guessed(bytes) : { text: decodedAs(named, bytes), warning: null };
  return looksLikeText(decoded.text) ? decoded : null;
}

function markedEncoding(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return null;
}

function encodingOfPage(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, pageHeadBytes));
  const label = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1];
  if (label === undefined) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function guessed(bytes: Uint8Array): DecodedText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warning: null };
  } catch {
    return {
      text: decodedAs('windows-1252', bytes),
      warning: 'is not in UTF-8 and was read as Windows-1252. Save it as UTF-8 if its letters come out wrong.',
    };
  }
}

function decodedAs(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}

function looksLikeText(text: string): boolean {
  const sample = text.slice(0, sampleCharactersMax);
  const controls = sample.match(/(?!\s)[\p{Cc}\ufffd]/gu)?.length ?? 0;
  return controls <= sample.length * controlShareMax;
}
