/** A JSON object whose members nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON; `undefined`, which JSON cannot express, says that the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How much work a JSON text is, as far as that can be told without reading it. */
export interface JsonShape {
  /** Objects and lists, and their members beyond the first. */
  readonly values: number;
  /** How deep they lie in each other. */
  readonly levels: number;
}

/** No answer that a caller can be told nests deeper, and whoever walks through thousands of levels runs out of stack. */
export const toldLevelsMax = 64;

/**
 * Looks at a JSON text, which need not be one. A million characters take about a millisecond, and reading them as JSON several hundred
 * when they are made of nothing but brackets.
 */
export function jsonShape(text: string): JsonShape {
  let values = 0;
  let level = 0;
  let levels = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBrace:
      case openBracket:
        values += 1;
        level += 1;
        if (level > levels) levels = level;
        break;
      case closeBrace:
      case closeBracket:
        level -= 1;
        break;
      case comma:
        values += 1;
    }
  }
  return { values, levels };
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the string that begins at `start` ends; the end of the text if it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
