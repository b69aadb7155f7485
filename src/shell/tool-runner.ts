import type { CallFact, ToolCall } from '../core/events.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import type { Tool } from '../tools/tool.ts';
import type { Logger } from './logger.ts';

/** Some minutes of speech: nobody wants to hear more read out, and every later turn of the call is billed with it (GM-USAGE-1). */
const answerCharactersMax = 16_000;

/** Runs the tools of one call. The call decides how long a tool may take: it cancels what it no longer waits for. */
export class ToolRunner {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #callSid: string;
  readonly #onFact: (fact: CallFact) => void;
  readonly #log: Logger;
  readonly #running = new Map<string, AbortController>();

  constructor(tools: ReadonlyMap<string, Tool>, callSid: string, onFact: (fact: CallFact) => void, log: Logger) {
    this.#tools = tools;
    this.#callSid = callSid;
    this.#onFact = onFact;
    this.#log = log;
  }

  run(call: ToolCall): void {
    const tool = this.#tools.get(call.name);
    if (tool === undefined) {
      const names = [...this.#tools.keys()].join(', ');
      return this.#fail(call, 'tool.unknown', `There is no tool "${call.name}". The tools are: ${names}.`);
    }
    this.#log.info({ tool: call.name, pii: { args: call.args } }, 'toolCalled');
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
    const { id } = call;
    try {
      const { response, silent = false, leave = null } = await tool.run(call.args, { signal, callSid: this.#callSid });
      // What JSON cannot express would throw where the answer is sent, and end the call.
      const { length } = JSON.stringify(response);
      if (length > answerCharactersMax) throw new RangeError(`The answer has ${length} characters.`);
      if (this.#running.delete(id)) this.#onFact({ type: 'tool.finished', id, response, silent, leave });
    } catch (error) {
      if (!this.#running.delete(id)) return;
      if (error instanceof ParleyError) return this.#fail(call, error.code, error.message);
      this.#log.error({ tool: call.name, err: error, pii: { message: String(error) } }, 'toolThrew');
      // What the model hears holds no internals.
      this.#fail(call, 'tool.failed', 'The tool did not work. Tell the caller so, and do not try it again.');
    }
  }

  #fail({ id }: ToolCall, fault: ErrorCode, message: string): void {
    this.#onFact({ type: 'tool.failed', id, fault, message });
  }
}
