import type { FileProblem, FilePlace, MemberPath } from '../../admin-file/file-problem.ts';

/** A part of the file with its `${NAME}` filled in. */
export interface FilledIn {
  readonly value: unknown;
  /** What was filled in: passwords and keys, which nobody else shall see. */
  readonly secrets: readonly string[];
  readonly problems: readonly FileProblem[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Puts the values of the environment in the place of `${NAME}`; `$${NAME}` stands for the letters themselves. */
export function fillIn(
  value: unknown,
  path: MemberPath,
  env: Environment,
  placeOf: (path: MemberPath) => FilePlace,
): FilledIn {
  const secrets = new Set<string>();
  const problems: FileProblem[] = [];
  const complain = (at: MemberPath, what: string): string => {
    problems.push({ place: placeOf(at), path: at, what });
    return '';
  };
  const filled = (part: unknown, at: MemberPath): unknown => {
    if (Array.isArray(part)) return part.map((item: unknown, index) => filled(item, [...at, index]));
    if (typeof part === 'object' && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, filled(inner, [...at, name])]));
    }
    if (typeof part !== 'string') return part;
    return part.replaceAll(/(\$?)\$\{([^{}]*)\}/g, (written, escape: string, name: string) => {
      if (escape !== '') return written.slice(1);
      if (!/^[A-Za-z_]\w*$/.test(name))
        return complain(at, `holds "${written}", which names no variable; write \${NAME}`);
      const found = env[name] ?? '';
      if (found !== '') secrets.add(found);
      return found === ''
        ? complain(at, `wants \${${name}}, which is not set; set ${name} in .env or in the environment`)
        : found;
    });
  };
  return { value: filled(value, path), secrets: [...secrets], problems };
}
