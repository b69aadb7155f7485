import { about } from './about.ts';
import { environment } from './environment.ts';

interface Variable {
  readonly name: string;
  readonly doc: string;
  /** As one would write it in the environment; empty if the variable is unset by default. */
  readonly standard: string;
}

/** The text of `.env.example`: every variable with its purpose. Those with a default are commented out and show it. */
export function envExample(): string {
  const groups = [...variablesByGroup()].map(([group, variables]) => {
    const entries = variables.map(({ name, doc, standard }) => {
      const assignment = standard === '' ? `${name}=` : `#${name}=${standard}`;
      return [...wrapped(doc).map((line) => `# ${line}`), assignment].join('\n');
    });
    return [`# ---- ${group} ----`, ...entries].join('\n\n');
  });
  return [envIntroduction, ...groups].join('\n\n\n') + '\n';
}

const envIntroduction = `# Settings of Parley. Copy this file to .env, fill in what you need, and start Parley again.
# Nothing here is required to try it: as it stands, a simulated model answers on this machine.
# An empty value counts as unset. A line that begins with # shows the default.
# A value that holds a # or has several lines wants quotes around the whole of it: "…".`;

/** The tables of `docs/configuration.md`: one per group, in Markdown. */
export function configurationTables(): string {
  const groups = [...variablesByGroup()].map(([group, variables]) => {
    const rows = variables.map(({ name, doc, standard }) => `| \`${name}\` | ${standard || 'unset'} | ${doc} |`);
    return [`## ${group}`, '', '| variable | default | what it is for |', '| --- | --- | --- |', ...rows].join('\n');
  });
  return groups.join('\n\n');
}

/** The default of every setting, as one would write it; null for those that are unset. */
export function standardValues(): ReadonlyMap<string, string | null> {
  const variables = [...variablesByGroup().values()].flat();
  return new Map(variables.map(({ name, standard }) => [name, standard === '' ? null : standard]));
}

function variablesByGroup(): Map<string, Variable[]> {
  const groups = new Map<string, Variable[]>();
  for (const [name, schema] of Object.entries(environment.shape)) {
    const entry = about.get(schema);
    if (entry === undefined) throw new TypeError(`${name} says nothing about itself.`);
    const value = schema.parse(undefined);
    const standard = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    groups.set(entry.group, [...(groups.get(entry.group) ?? []), { name, doc: entry.doc, standard }]);
  }
  return groups;
}

/** Lines of comfortable width, broken between words. */
function wrapped(text: string): string[] {
  return text.match(/.{1,100}(?= |$)/g)?.map((line) => line.trim()) ?? [];
}
