import type { CallFact } from '../call/events.ts';
import type { ToolCall } from '../call/tooling/tool-call.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import type { Logger } from '../system/logger.ts';
import type { ServedCall, Tool, ToolLog, ToolResult, ToolRun } from '../tools/tool.ts';

/** Some minutes of speech: nobody wants to hear more read out, and every later turn of the call is billed with it (GM-USAGE-1). */
const answerCharactersMax = 16_000;

/** How a run of a tool ended: with its result, or with what it threw. */
export type ToolSettlement = { readonly result: ToolResult } | { readonly error: unknown };

/** How a driver runs a tool: calls `done` once. The call decides how long it waits, and cancels the rest. */
export type RunTool = (
  tool: Tool,
  args: ToolCall['args'],
  run: ToolRun,
  done: (settlement: ToolSettlement) => void,
) => void;

/** What the tools of a call need. */
export interface ToolRunnerParts {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly runTool: RunTool;
  readonly call: ServedCall;
  readonly onFact: (fact: CallFact) => void;
  readonly log: Logger;
}

/** Runs the tools of one call. The call decides how long a tool may take: it cancels what it no longer waits for. */
export class ToolRunner {
  readonly #parts: ToolRunnerParts;
  readonly #running = new Map<string, AbortController>();

  constructor(parts: ToolRunnerParts) {
    this.#parts = parts;
  }

  /** Takes a tool call. Returns a function that runs it unless it was cancelled; null if there is no such tool. */
  accept(call: ToolCall): (() => void) | null {
    const { tools, log } = this.#parts;
    const tool = tools.get(call.name);
    if (tool === undefined) {
      const names = [...tools.keys()].join(', ');
      this.#fail(call, 'tool.unknown', `There is no tool "${call.name}". The tools are: ${names}.`);
      return null;
    }
    log.info({ tool: call.name, pii: { args: call.args } }, 'toolCalled');
    const abort = new AbortController();
    this.#running.set(call.id, abort);
    return () => this.#run(call, tool, abort.signal);
  }

  /** Tells the tool to stop. Its outcome is not reported any more. */
  cancel(id: string): void {
    this.#running.get(id)?.abort();
    this.#running.delete(id);
  }

  cancelAll(): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }

  #run(call: ToolCall, tool: Tool, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { call: served, log } = this.#parts;
    const write: ToolLog = (event, fields = {}) => log.info({ tool: call.name, ...fields }, event);
    const key = `${served.callSid}-${call.id}`;
    this.#parts.runTool(tool, call.args, { signal, call: served, key, log: write }, (settlement) => {
      if (!this.#running.delete(call.id)) return;
      if ('error' in settlement) this.#threw(call, settlement.error);
      else this.#finished(call, settlement.result);
    });
  }

  #finished(call: ToolCall, result: ToolResult): void {
    const { response, silent = false, leave = null } = result;
    // A response that JSON cannot express would throw where it is sent, and end the call.
    const flaw = flawOf(response);
    if (flaw !== null) return this.#threw(call, flaw);
    this.#parts.onFact({ type: 'tool.finished', id: call.id, response, silent, leave });
  }

  #threw(call: ToolCall, error: unknown): void {
    if (error instanceof ParleyError) return this.#fail(call, error.code, error.message);
    this.#parts.log.error({ tool: call.name, err: error, pii: { message: String(error) } }, 'toolThrew');
    // What the model hears holds no internals.
    this.#fail(call, 'tool.failed', 'The tool did not work. Tell the caller so, and do not try it again.');
  }

  #fail({ id }: ToolCall, fault: ErrorCode, message: string): void {
    this.#parts.onFact({ type: 'tool.failed', id, fault, message });
  }
}

/** Why an answer cannot be sent; null when it can. */
function flawOf(response: unknown): unknown {
  try {
    const { length } = JSON.stringify(response);
    return length > answerCharactersMax ? new RangeError(`The answer has ${length} characters.`) : null;
  } catch (error) {
    return error;
  }
}
