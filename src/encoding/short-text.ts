/** A text of any length, cut to `charsMax` characters. The last one says that something is missing. */
export function shortText(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}
