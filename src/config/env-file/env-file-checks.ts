import type { EnvFile } from './env-file.ts';
import { envFileVariable } from './read-env-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a setting is called, and its default as a text; null without one. */
type Settings = ReadonlyMap<string, string | null>;

/** What libraries and the machine look for in the environment of the process, where the file's variables are put too. */
const forOthers = /^(https?_proxy|no_proxy|all_proxy|tz|lang|lc_\w+|node_env|google_\w+|debug)$/i;

/** What is wrong with the file as a whole, beside its lines. */
export function envFileProblems({ label, values }: EnvFile): string[] {
  const { line } = values.get(envFileVariable) ?? {};
  return line === undefined
    ? []
    : [`${label} line ${line}: ${envFileVariable} counts only in the shell; set it there, or leave it out.`];
}

/** What the file says and Parley does not take as its admin probably means it, one sentence each. */
export function envFileWarnings(file: EnvFile, env: Environment, settings: Settings, explained: string[]): string[] {
  const warnings = [...file.warnings];
  for (const [name, { line, value }] of file.values) {
    const where = `${file.label} line ${line}: ${name}`;
    const given = env[name];
    if (/^NODE_(?!ENV$)/.test(name))
      warnings.push(`${where} comes too late, because Node reads it before it starts Parley; set it in the shell.`);
    else if (name !== envFileVariable && !settings.has(name)) {
      const isExplained = explained.some((warning) => warning.startsWith(`${name} `));
      if (!isExplained && !forOthers.test(name))
        warnings.push(`${where} is not a setting of Parley, which does nothing with it.`);
    } else if (given !== undefined && given.trim() !== value.trim())
      warnings.push(`${where} does not count, because the shell sets it to something else; unset it there.`);
  }
  for (const [name, { line, value }] of file.comments) {
    const standard = settings.get(name) ?? null;
    if (standard !== null && standard !== value && !file.values.has(name))
      warnings.push(
        `${file.label} line ${line}: ${name} is not its default and counts as a comment; remove the "#" if it is meant.`,
      );
  }
  return warnings;
}
