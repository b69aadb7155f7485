import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { SetupFailure } from './setup-failure.ts';

/** Who types something else five times wants help and no sixth try. */
export const triesMax = 5;

/** Somebody who answers. */
export interface Asker {
  /** A line, without spaces around it. */
  ask(question: string): Promise<string>;
  /** The same, and what is typed is not shown. */
  askSecret(question: string): Promise<string>;
  /** Yes or no; nothing at all is a no, and so is anything else in the end. */
  confirm(question: string): Promise<boolean>;
  /** The same, and what is typed is not shown: after a doubtful secret, many a person pastes the right one where a yes is asked for. */
  confirmSecret(question: string): Promise<boolean>;
}

/** The person at the terminal. Throws a SetupFailure when the person leaves. */
export class TerminalAsker implements Asker {
  readonly #lines: Interface;
  readonly #gone: Promise<never>;
  #isSilent = false;

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#gone = promise;
    // Nobody may be waiting when the terminal goes.
    promise.catch(() => {});
    const output = new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        if (!this.#isSilent) process.stdout.write(chunk);
        done();
      },
    });
    this.#lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
    this.#lines.on('close', () => reject(new SetupFailure('Broken off.')));
  }

  async ask(question: string): Promise<string> {
    const answer = await Promise.race([this.#lines.question(question), this.#gone]);
    return answer.trim();
  }

  async askSecret(question: string): Promise<string> {
    process.stdout.write(question);
    this.#isSilent = true;
    try {
      return await this.ask('');
    } finally {
      this.#isSilent = false;
      process.stdout.write('\n');
    }
  }

  async confirm(question: string): Promise<boolean> {
    return this.#yesOrNo(() => this.ask(`${question} [y/N] `));
  }

  async confirmSecret(question: string): Promise<boolean> {
    return this.#yesOrNo(() => this.askSecret(`${question} [y/N] (not shown) `));
  }

  close(): void {
    this.#lines.close();
  }

  async #yesOrNo(ask: () => Promise<string>): Promise<boolean> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const answer = await ask();
      if (/^(y|yes)$/i.test(answer)) return true;
      if (/^(n|no)?$/i.test(answer)) return false;
      process.stdout.write('y or n, please.\n');
    }
    return false;
  }
}
