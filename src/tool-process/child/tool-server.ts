import { shortText } from '../../encoding/short-text.ts';
import { isJsonObject, parseJson } from '../../encoding/json.ts';
import { ParleyError } from '../../errors.ts';
import type { Tool, ToolLog } from '../../tools/tool.ts';
import {
  fieldsCharsMax,
  type OpenedSources,
  parseResult,
  type ProcessNews,
  type ProcessOrder,
  resultCharsMax,
  runLinesMax,
  wordsCharsMax,
} from '../process-messages.ts';
import type { ToolSource } from '../tool-source.ts';
import { type OpenSources, openSources } from './open-sources.ts';
import type { SendNews } from './system-send.ts';
import { thrownNews } from './thrown.ts';
import { toolFetch } from './tool-fetch.ts';

type RunOrder = Extract<ProcessOrder, { order: 'run' }>;

/** Opens what its process is told to, runs it, and tells the parent what came of it. */
export class ToolServer {
  readonly #send: SendNews;
  readonly #tools = new Map<string, Tool>();
  readonly #running = new Map<number, AbortController>();
  #close = async (): Promise<void> => Promise.resolve();
  #fetch = toolFetch([]);

  constructor(send: SendNews) {
    this.#send = send;
  }

  take(order: ProcessOrder): void {
    switch (order.order) {
      case 'open':
        return void this.#open(order.sources);
      case 'run':
        return void this.#run(order);
      case 'cancel':
        return this.#running.get(order.id)?.abort();
      case 'ping':
        return this.#send({ news: 'pong' });
      case 'close':
        return void this.#end();
    }
  }

  async #open(sources: readonly ToolSource[]): Promise<void> {
    this.#fetch = toolFetch(sources.flatMap((source) => (source.type === 'folder' ? source.privateHosts : [])));
    let isOpen = false;
    const opened = await openSources(sources, {
      begin: (what) => this.#send({ news: 'opening', what }),
      log: (event, fields = {}) => this.#line(null, event, fields),
      // What is offered before all is open is told then.
      onOffers: () => {
        if (isOpen) this.#send({ news: 'offers', tools: this.#declared(opened) });
      },
    });
    const { warnings, problems, close } = opened;
    this.#close = close;
    isOpen = true;
    const tools = this.#declared(opened);
    this.#send({ news: 'opened', tools, warnings: [...warnings], problems: [...problems] });
  }

  /** What the process offers from here on. */
  #declared({ tools }: OpenSources): OpenedSources['tools'] {
    this.#tools.clear();
    return tools().map(({ tool, from }) => {
      this.#tools.set(tool.name, tool);
      const { name, description, behavior, effect, timeoutMs, confirm, parameters } = tool;
      return { name, description, behavior, effect, timeoutMs, confirm, parameters, from };
    });
  }

  async #run(order: RunOrder): Promise<void> {
    const abort = new AbortController();
    this.#running.set(order.id, abort);
    const news = await this.#outcome(order, abort.signal);
    this.#running.delete(order.id);
    this.#send(news);
  }

  async #outcome({ id, tool: name, args, call, key }: RunOrder, signal: AbortSignal): Promise<ProcessNews> {
    try {
      const tool = this.#tools.get(name);
      if (tool === undefined) throw new ParleyError('tool.failed', `The tool ${name} is not there at the moment.`);
      const result = await tool.run(args, { signal, call, key, log: this.#logOf(id), fetch: this.#fetch });
      const text = JSON.stringify(result) ?? '';
      if (text.length > resultCharsMax) throw new RangeError(`The result of ${name} has ${text.length} characters.`);
      const parsed = parseResult(parseJson(text));
      if (parsed === null) throw new TypeError(`${name} returned neither a text nor { response: { … } }.`);
      return { news: 'done', id, result: parsed };
    } catch (error) {
      return { news: 'failed', id, error: thrownNews(error) };
    }
  }

  #logOf(id: number): ToolLog {
    let lines = 0;
    return (event, fields = {}) => {
      lines += 1;
      if (lines <= runLinesMax) this.#line(id, event, fields);
      else if (lines === runLinesMax + 1) this.#line(id, 'toolLinesLeftOut', { linesMax: runLinesMax });
    };
  }

  #line(id: number | null, event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#send({ news: 'line', id, event: shortText(event, wordsCharsMax), fields: plainFields(fields) });
  }

  async #end(): Promise<void> {
    await this.#close();
    process.exit();
  }
}

/** The fields of a log line as another process can be told them. */
function plainFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    const text = JSON.stringify(fields);
    if (text.length > fieldsCharsMax) return { leftOut: `${text.length} characters` };
    const plain = parseJson(text);
    return isJsonObject(plain) ? plain : {};
  } catch {
    return { leftOut: 'no JSON' };
  }
}
