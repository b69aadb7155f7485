import { join } from 'node:path';
import { API } from 'typescript/unstable/sync';
import type { Mutant } from './mutant.ts';

/** Checks the types of the core with one mutant after the other in it. */
export class TypeCheck {
  readonly #root: string;
  readonly #project: string;
  readonly #sabotaged = new Map<string, string>();
  readonly #api: API;

  constructor(root: string) {
    this.#root = root;
    this.#project = join(root, 'tsconfig.core.json');
    this.#api = new API({ cwd: root, fs: { readFile: (path) => this.#sabotaged.get(path) } });
    const faults = this.#faults([]);
    if (faults.length > 0) throw new RangeError(`The core has faults before it is sabotaged: ${faults.join(' ')}`);
  }

  /** Returns why the type checker refuses a mutant, or null. That something is not used any more is no reason. */
  refusal({ path, text }: Mutant): string | null {
    const whole = join(this.#root, path);
    this.#sabotaged.set(whole, text);
    const [fault = null] = this.#faults([whole]);
    this.#sabotaged.delete(whole);
    // The next check reads the whole file again.
    this.#faults([whole]);
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
