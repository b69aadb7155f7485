import { ParleyError } from '../errors.ts';
import type { ThrownNews } from './process-messages.ts';

/** What a tool threw in its process, with the stack that it had there. */
class ToolThrew extends Error {
  constructor({ name, message, stack }: ThrownNews) {
    super(message);
    this.name = name;
    this.stack = stack;
  }
}

/** The error that another process has told of. */
export function thrownError(thrown: ThrownNews): Error {
  return thrown.code === null ? new ToolThrew(thrown) : new ParleyError(thrown.code, thrown.message);
}
