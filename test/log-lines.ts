import { createLogger, type Logger } from '../src/system/logger.ts';
import { isJsonObject, type JsonObject, parseJson } from '../src/encoding/json.ts';

/** A logger of the service whose lines stay in memory. */
export class LogLines {
  readonly logger: Logger;
  readonly #lines: string[] = [];
  /** The first of the lines, parsed: who waits for a line asks again and again. */
  readonly #parsed: unknown[] = [];

  constructor(level = 'trace') {
    this.logger = createLogger(level, { write: (line) => void this.#lines.push(line) });
  }

  /** All lines, as they would stand in a file. */
  get text(): string {
    return this.#lines.join('');
  }

  /** The lines of one event. */
  named(name: string): JsonObject[] {
    return this.all.filter(({ msg }) => msg === name);
  }

  get all(): JsonObject[] {
    for (const line of this.#lines.slice(this.#parsed.length)) this.#parsed.push(parseJson(line));
    return this.#parsed.filter(isJsonObject);
  }
}
