/** A request of the model to run a tool. `args` is what the model sent, unchecked. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a tool (or the call itself) gives back to the model: an object that can be written as JSON. */
export type ToolResponse = Readonly<Record<string, unknown>>;
