/** Something heavy that a tool does, while calls go on. */
export interface ToolLoad {
  readonly name: string;
  /** Makes ready what it needs in a folder of its own, which lasts as long as the bench. */
  readonly prepare: (folder: string) => LoadSetup | Promise<LoadSetup>;
}

/** What the service and the model are told for a load. */
export interface LoadSetup {
  /** Files for TOOLS_DIR, by name. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Entries of the tools file, by name. */
  readonly lookups?: Readonly<Record<string, object>>;
  /** Settings of the service. Those of all loads go to one service, so no two loads may set the same. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * The tool that the model calls to begin it, and that has an answer, whatever it is, after `busyMs` at most. `count` stands in the
   * arguments: the same call twice is one.
   */
  readonly call: { readonly tool: string; readonly args: (count: number) => object };
  /** For a load that no call begins: sets it going. It is over when an answer to the call holds the text that is returned. */
  readonly begin?: (count: number) => string;
}

/** How long a load lasts: less than a measurement, so that its end is measured as well, and none is left for the next one. */
export const busyMs = 4_500;
