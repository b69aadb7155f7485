/**
 * A text from outside as it may stand in the middle of an instruction: one line without control characters and invisible signs, at most so
 * long. Quotes and brackets become others, because the sentences of the prompts stand in them.
 */
export function plainText(text: string, charactersMax: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    // What turns the direction of writing, or is not seen at all.
    .replaceAll(/[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|[\u{E0000}-\u{E007F}]/gu, '')
    .replaceAll(/["“”„«»]/g, "'")
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .trim();
  // Whole characters, since half of one is no text.
  return line.length <= charactersMax ? line : Array.from(line).slice(0, charactersMax).join('');
}
