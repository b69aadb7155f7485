import { lineThatIsNotUtf8 } from '../../encoding/utf8.ts';

/** The bytes of a file as text with plain line ends, or why they are none. */
export function envText(
  bytes: Uint8Array,
): { readonly text: string; readonly mended: readonly string[] } | { readonly problem: string } {
  const encoding = foreignEncoding(bytes);
  if (encoding !== null) return { problem: `is in ${encoding}; save it as UTF-8` };
  const badLine = lineThatIsNotUtf8(bytes);
  if (badLine !== null) return { problem: `holds a character in line ${badLine} that is not UTF-8; save it as UTF-8` };
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  // The decoder leaves the mark out.
  const raw = new TextDecoder().decode(bytes);
  const text = raw.replaceAll(/\r\n?/g, '\n');
  const mended = [
    ...(hasMark ? ['begins with a byte order mark'] : []),
    ...(text === raw ? [] : ['has the line ends of Windows or of an old Macintosh']),
  ];
  return { text, mended };
}

/** Editors on Windows call it "Unicode", and the `>` of an old PowerShell writes it. Without a mark, every other byte is zero. */
function foreignEncoding([first, second, third, fourth]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16';
  if (first === 0 && third === 0 && second !== 0) return 'UTF-16';
  if (second === 0 && fourth === 0 && first !== 0) return 'UTF-16';
  return null;
}
