/** One step of a Dockerfile, such as `{ name: 'USER', text: 'node' }`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** A Dockerfile with something that this check cannot carry out. */
export class DockerfileError extends Error {
  override readonly name = 'DockerfileError';
}

/** Reads the steps of a Dockerfile in order: comments are dropped, continued lines joined. */
export function readDockerfile(text: string): Instruction[] {
  return text
    .replaceAll(/^[ \t]*#[^\n]*\n/gm, '')
    .replaceAll(/\\\n[ \t]*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/.exec(line) ?? [];
      if (name === '') throw new DockerfileError(`Not an instruction: ${line}`);
      return { name: name.toUpperCase(), text: rest };
    });
}

/** The command of a CMD in its JSON form. The shell form is refused, because a shell would not pass SIGTERM on. */
export function commandOf(text: string): readonly [string, ...string[]] {
  const command: unknown = text.startsWith('[') ? JSON.parse(text) : null;
  if (!Array.isArray(command)) throw new DockerfileError(`A command must be a JSON list: ${text}`);
  const [program, ...args] = command.map(String);
  if (program === undefined) throw new DockerfileError('A command is empty.');
  return [program, ...args];
}

/** The pairs of an ENV or ARG. Quotes are not read. */
export function pairsOf(text: string): [string, string][] {
  if (/["'\\]/.test(text)) throw new DockerfileError(`Quotes are not read: ${text}`);
  return text.split(/\s+/).map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
}

/** A text with the variables of the build filled in, as Docker does it outside of RUN and CMD. */
export function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_all, inBraces?: string, bare?: string) => {
    return variables[inBraces ?? bare ?? ''] ?? '';
  });
}
