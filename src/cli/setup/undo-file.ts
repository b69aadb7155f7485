import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../encoding/json.ts';
import { SetupFailure } from './setup-failure.ts';

const routeSchema = z.strictObject({
  voiceUrl: z.string(),
  voiceMethod: z.string(),
  voiceFallbackUrl: z.string(),
  voiceFallbackMethod: z.string(),
  statusCallback: z.string(),
  statusCallbackMethod: z.string(),
  voiceApplicationSid: z.string(),
  trunkSid: z.string(),
});

const stepSchema = z.strictObject({
  sid: z.string(),
  phoneNumber: z.string(),
  /** The route before the change, and after it. */
  before: routeSchema,
  after: routeSchema,
});

/** A change of a number that can be taken back. */
export type UndoStep = z.output<typeof stepSchema>;

/** Nobody goes further back. */
const stepsMax = 50;

/** The changes that the set-up has made at Twilio, latest last, in a file. */
export class UndoFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  latest(): UndoStep | null {
    return this.#steps().at(-1) ?? null;
  }

  /** Keeps a change, before it is made. Throws a SetupFailure when that cannot be. */
  push(step: UndoStep): void {
    this.#write([...this.#steps(), step].slice(-stepsMax));
  }

  pop(): void {
    this.#write(this.#steps().slice(0, -1));
  }

  #steps(): readonly UndoStep[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return [];
    }
    const read = z.array(stepSchema).safeParse(parseJson(text));
    if (read.success) return read.data;
    throw new SetupFailure(`${this.path} is not as npm run setup writes it; move it away.`);
  }

  #write(steps: readonly UndoStep[]): void {
    try {
      if (steps.length === 0) return rmSync(this.path, { force: true });
      mkdirSync(dirname(this.path), { recursive: true });
      writeFileSync(this.path, `${JSON.stringify(steps, null, 2)}\n`, { mode: 0o600 });
    } catch (error) {
      throw new SetupFailure(`${this.path} cannot be written, so the change could not be undone.`, { cause: error });
    }
  }
}
