/**
 * A text from outside as it may stand in the middle of an instruction: one line without control characters and invisible signs, at most so
 * long. Quotes and brackets become others, because the sentences of the prompts stand in them.
 */
export function plainText(text: string, charactersMax: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    // What turns the direction of writing, or is not seen at all, but for the two signs that join and part letters of some scripts.
    .replaceAll(/(?!\u200C|\u200D)[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu, '')
    .replaceAll(/["“”„«»]/g, "'")
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .trim();
  // Whole characters, since half of one is no text.
  return line.length <= charactersMax ? line : Array.from(line).slice(0, charactersMax).join('');
}
