import { type ToolTerms, usualTerms } from '../../call/tooling/tool-terms.ts';

/** Tools that a simulated agent has beside the built-in ones. The world decides how they come out. */
export const pretendedTools = {
  make_note: { effect: 'write', timeoutMs: 8_000, confirm: false },
  order_taxi: { effect: 'write', timeoutMs: 3_000, confirm: false },
  book_table: { effect: 'write', timeoutMs: 12_000, confirm: true },
  search_archive: { effect: 'read', timeoutMs: 30_000, confirm: false },
} as const satisfies Readonly<Record<string, ToolTerms>>;

/** What a call knows of all tools of a simulated agent. */
export const simulatedTerms: Readonly<Record<string, ToolTerms>> = {
  lookup_record: { effect: 'read', timeoutMs: 8_000, confirm: false },
  transfer_call: { effect: 'call', timeoutMs: 8_000, confirm: false },
  end_call: { effect: 'call', timeoutMs: 8_000, confirm: false },
  ...pretendedTools,
};

/** What a call knows of one tool of a simulated agent, also of one that a model made up. */
export function termsOfSimulated(name: string): ToolTerms {
  return (Object.hasOwn(simulatedTerms, name) ? simulatedTerms[name] : undefined) ?? usualTerms;
}
