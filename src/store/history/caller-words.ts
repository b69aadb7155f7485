// The pages use it as well: it imports nothing.

/** Who called: a number, the browser phone, or that the number was withheld. */
export function callerText({ from, source }: { readonly from: string | null; readonly source: string | null }): string {
  if (source === 'browser') return 'browser phone';
  return from === null || from === '' ? 'number withheld' : from;
}
