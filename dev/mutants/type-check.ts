import { join } from 'node:path';
import { API } from 'typescript/unstable/sync';
import type { Mutant } from './mutant.ts';

/** Checks the types of a room with one mutant after the other in it. */
export class TypeCheck {
  readonly #root: string;
  readonly #project: string;
  readonly #sabotaged = new Map<string, string>();
  readonly #api: API;
  /** The file of the last mutant, which has been put right. */
  #stale: string | null = null;

  /** `project`: what compiles the room, relative to the root. */
  constructor(root: string, project: string) {
    this.#root = root;
    this.#project = join(root, project);
    this.#api = new API({ cwd: root, fs: { readFile: (path) => this.#sabotaged.get(path) } });
    const faults = this.#faults([]);
    if (faults.length > 0) throw new RangeError(`The code has faults before it is sabotaged: ${faults.join(' ')}`);
  }

  /** Returns why the type checker refuses a mutant, or null. That something is not used any more is no reason. */
  refusal({ path, text }: Mutant): string | null {
    const whole = join(this.#root, path);
    this.#sabotaged.set(whole, text);
    const [fault = null] = this.#faults(this.#stale === null ? [whole] : [this.#stale, whole]);
    this.#sabotaged.delete(whole);
    // The next check reads the whole file again.
    this.#stale = whole;
    return fault;
  }

  close(): void {
    this.#api.close();
  }

  #faults(changed: string[]): string[] {
    const changes = changed.length === 0 ? {} : { fileChanges: { changed } };
    using snapshot = this.#api.updateSnapshot({ openProjects: [this.#project], ...changes });
    const program = snapshot.getProject(this.#project)?.program;
    if (program === undefined) throw new RangeError(`${this.#project} cannot be opened.`);
    return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]
      .filter(({ reportsUnnecessary }) => reportsUnnecessary !== true)
      .map(({ text }) => text);
  }
}
