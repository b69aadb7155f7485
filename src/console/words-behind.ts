// The pages use it as well: it imports nothing.

/**
 * What of the words that have come so far belongs to the line behind one that is over: a model may send its next reply while the last one still
 * plays. Empty where nothing does.
 */
export function wordsBehind(soFar: string, line: string): string {
  const words = soFar.replaceAll(/\s+/g, ' ').trim();
  return words.startsWith(line) ? words.slice(line.length).trim() : '';
}
