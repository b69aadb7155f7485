import type { CallFact, ToolCall } from '../call/events.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import type { Tool } from '../tools/tool.ts';
import type { Logger } from '../system/logger.ts';

/** Some minutes of speech: nobody wants to hear more read out, and every later turn of the call is billed with it (GM-USAGE-1). */
const answerCharactersMax = 16_000;

/** What the tools of a call need of its host. */
export interface ToolHost {
  readonly callSid: string;
  readonly onFact: (fact: CallFact) => void;
  /** Resolves, in bounded time, when it is on record which tool is to run. A call that turned out to be another process's cancels it before that. */
  readonly settled: () => Promise<void>;
  readonly log: Logger;
}

/** Runs the tools of one call. The call decides how long a tool may take: it cancels what it no longer waits for. */
export class ToolRunner {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #host: ToolHost;
  readonly #running = new Map<string, AbortController>();

  constructor(tools: ReadonlyMap<string, Tool>, host: ToolHost) {
    this.#tools = tools;
    this.#host = host;
  }

  run(call: ToolCall): void {
    const tool = this.#tools.get(call.name);
    if (tool === undefined) {
      const names = [...this.#tools.keys()].join(', ');
      return this.#fail(call, 'tool.unknown', `There is no tool "${call.name}". The tools are: ${names}.`);
    }
    this.#host.log.info({ tool: call.name, pii: { args: call.args } }, 'toolCalled');
    const abort = new AbortController();
    this.#running.set(call.id, abort);
    void this.#await(call, tool, abort.signal);
  }

  /** Tells the tool to stop. Its outcome is not reported any more. */
  cancel(id: string): void {
    this.#running.get(id)?.abort();
    this.#running.delete(id);
  }

  cancelAll(): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }

  async #await(call: ToolCall, tool: Tool, signal: AbortSignal): Promise<void> {
    const { callSid, onFact, settled, log } = this.#host;
    const { id } = call;
    try {
      // The step that ordered it is noted when all of its effects are done.
      await Promise.resolve();
      await settled();
      if (signal.aborted) return;
      const { response, silent = false, leave = null } = await tool.run(call.args, { signal, callSid });
      // What JSON cannot express would throw where the answer is sent, and end the call.
      const { length } = JSON.stringify(response);
      if (length > answerCharactersMax) throw new RangeError(`The answer has ${length} characters.`);
      if (this.#running.delete(id)) onFact({ type: 'tool.finished', id, response, silent, leave });
    } catch (error) {
      if (!this.#running.delete(id)) return;
      if (error instanceof ParleyError) return this.#fail(call, error.code, error.message);
      log.error({ tool: call.name, err: error, pii: { message: String(error) } }, 'toolThrew');
      // What the model hears holds no internals.
      this.#fail(call, 'tool.failed', 'The tool did not work. Tell the caller so, and do not try it again.');
    }
  }

  #fail({ id }: ToolCall, fault: ErrorCode, message: string): void {
    this.#host.onFact({ type: 'tool.failed', id, fault, message });
  }
}
