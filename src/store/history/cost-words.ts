// The pages use it as well: it imports nothing.

/** A sum of US dollars, such as `$0.0123` or `$12.30`: a call costs cents, of which four digits tell something. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 1 ? 4 : 2)}`;
}

/** Whether a call was billed nothing: it never had a model, or its model said nothing of tokens. */
export function isUnbilled({ costUsd, tokens }: { readonly costUsd: number | null; readonly tokens: number }): boolean {
  return tokens === 0 && (costUsd ?? 0) === 0;
}
