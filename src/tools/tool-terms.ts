import type { ToolTerms } from '../call/tooling/tool-terms.ts';
import type { Tool } from './tool.ts';

/** What a call must know of its tools, by name. */
export function termsOf(tools: ReadonlyMap<string, Tool>): Readonly<Record<string, ToolTerms>> {
  return Object.fromEntries(
    [...tools].map(([name, { effect, timeoutMs, confirm }]) => [name, { effect, timeoutMs, confirm }]),
  );
}
