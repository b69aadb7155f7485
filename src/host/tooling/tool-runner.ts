import type { CallFact } from '../../call/events.ts';
import { schedulingOf, type ToolCall, type ToolResponse } from '../../call/tooling/tool-call.ts';
import { shortText } from '../../encoding/short-text.ts';
import { type ErrorCode, ParleyError } from '../../errors.ts';
import type { Logger } from '../../system/logger.ts';
import type { ServedCall, Tool, ToolLog, ToolResult, ToolRun } from '../../tools/tool.ts';
import { fitAnswer } from './tool-answer.ts';
import { undeclaredArguments } from './undeclared-arguments.ts';

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

/** A model that makes up more names learns enough from the first. */
const namesCharsMax = 200;

/** A read whose process died under it is run once more. A second death is no accident. */
const runsOfRead = 2;

/** Runs the tools of one call. The call decides how long a tool may take: it cancels what it no longer waits for. */
export class ToolRunner {
  readonly #parts: ToolRunnerParts;
  readonly #running = new Map<string, AbortController>();

  constructor(parts: ToolRunnerParts) {
    this.#parts = parts;
  }

  /**
   * Takes a tool call; `key` is that of its intent. Returns a function that runs it unless it was cancelled; null if there is no such tool,
   * or one that changes something does not know an argument: whoever adds one to what was done already would have it done again.
   * That function is told whether the call is on record: what changes something outside is not run if the next process would not know of it.
   */
  accept(call: ToolCall, key: string): ((isRecorded: boolean) => void) | null {
    const { tools, log } = this.#parts;
    const tool = tools.get(call.name);
    if (tool === undefined) {
      const names = [...tools.keys()].join(', ');
      this.#fail(call, 'tool.unknown', `There is no tool "${call.name}". The tools are: ${names}.`);
      return null;
    }
    log.info({ tool: call.name, pii: { args: call.args } }, 'toolCalled');
    const undeclared = tool.effect === 'write' ? undeclaredArguments(tool.parameters, call.args) : [];
    if (undeclared.length > 0) {
      this.#threw(call, unknownArguments(tool, undeclared));
      return null;
    }
    const abort = new AbortController();
    this.#running.set(call.id, abort);
    return (isRecorded) => {
      if (abort.signal.aborted) return;
      if (isRecorded || tool.effect !== 'write')
        this.#run(call, tool, this.#contextOf(call, key, abort.signal), runsOfRead);
      else this.#notRecorded(call);
    };
  }

  /** Tells the tool to stop. Its outcome is not reported any more. */
  cancel(id: string): void {
    this.#running.get(id)?.abort();
    this.#running.delete(id);
  }

  cancelAll(): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }

  #contextOf(call: ToolCall, key: string, signal: AbortSignal): ToolRun {
    const { call: served, log } = this.#parts;
    const write: ToolLog = (event, fields = {}) => log.info({ tool: call.name, ...fields }, event);
    return { signal, call: served, key: `${served.callSid}-${key}`, log: write };
  }

  #run(call: ToolCall, tool: Tool, run: ToolRun, runsLeft: number): void {
    this.#parts.runTool(tool, call.args, run, (settlement) => {
      if (run.signal.aborted || !this.#running.has(call.id)) return;
      if ('error' in settlement && tool.effect === 'read' && runsLeft > 1 && isInterruption(settlement.error)) {
        this.#parts.log.warn({ tool: call.name, fault: settlement.error.code }, 'toolRunAgain');
        return this.#run(call, tool, run, runsLeft - 1);
      }
      this.#running.delete(call.id);
      if ('error' in settlement) this.#threw(call, settlement.error);
      else this.#finished(call, settlement.result);
    });
  }

  #finished(call: ToolCall, result: ToolResult): void {
    const { leave = null } = result;
    const response = fitted(result.response);
    if ('error' in response) return this.#threw(call, response.error);
    this.#parts.onFact({
      type: 'tool.finished',
      id: call.id,
      response: response.answer,
      scheduling: schedulingOf(result),
      leave,
    });
  }

  #notRecorded(call: ToolCall): void {
    this.#running.delete(call.id);
    this.#parts.log.warn({ tool: call.name, fault: 'tool.notRecorded' }, 'toolNotRecorded');
    this.#fail(call, 'tool.notRecorded', 'This cannot be done just now, and nothing was done. Tell the caller so.');
  }

  #threw(call: ToolCall, error: unknown): void {
    const { log } = this.#parts;
    const pii = { message: String(error) };
    if (error instanceof ParleyError) {
      log.info({ tool: call.name, fault: error.code, pii }, 'toolRefused');
      return this.#fail(call, error.code, error.message);
    }
    log.error({ tool: call.name, err: error, pii }, 'toolThrew');
    // What the model hears holds no internals.
    this.#fail(call, 'tool.failed', 'The tool did not work. Tell the caller so, and do not try it again.');
  }

  #fail({ id }: ToolCall, fault: ErrorCode, message: string): void {
    this.#parts.onFact({ type: 'tool.failed', id, fault, message });
  }
}

function unknownArguments({ name }: Tool, undeclared: readonly string[]): ParleyError {
  const names = shortText(undeclared.join(', '), namesCharsMax);
  return new ParleyError(
    'tool.argumentsInvalid',
    `The tool ${name} knows no ${names}, and nothing was done. Leave it out.`,
  );
}

function isInterruption(error: unknown): error is ParleyError {
  return error instanceof ParleyError && error.code === 'tool.interrupted';
}

function fitted(response: ToolResponse): { readonly answer: ToolResponse } | { readonly error: unknown } {
  try {
    return { answer: fitAnswer(response) };
  } catch (error) {
    return { error };
  }
}
