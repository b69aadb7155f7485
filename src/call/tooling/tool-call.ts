/** A request of the model to run a tool. `args` is what the model sent, unchecked. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a tool (or the call itself) gives back to the model: an object that can be written as JSON. */
export type ToolResponse = Readonly<Record<string, unknown>>;

/**
 * When the model speaks about an answer, where it takes such a wish (GM-TOOL-4): never, only remembering it; once it does not speak; or at
 * once, breaking off what it is saying.
 */
export type ToolScheduling = 'silent' | 'whenIdle' | 'interrupt';

/** When the model speaks about a result, as its tool wants it: `silent` alone is short for the scheduling of that name. */
export function schedulingOf(wanted: {
  readonly silent?: boolean;
  readonly scheduling?: ToolScheduling;
}): ToolScheduling {
  return wanted.scheduling ?? (wanted.silent === true ? 'silent' : 'whenIdle');
}
