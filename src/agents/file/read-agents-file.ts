import { type MemberPath, problemLine } from '../../admin-file/file-problem.ts';
import { didYouMean, issueFaults } from '../../admin-file/issue-words.ts';
import { namedEntries } from '../../admin-file/named-entries.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { AgentBook } from '../agent-book.ts';
import type { AgentProfile } from '../agent-profile.ts';
import { type AgentFields, agentFields, fieldsAt, agentWords } from './agent-fields.ts';
import { agentDestinations } from './agent-destinations.ts';
import { agentOfFields } from './agent-of-fields.ts';
import { agentFaults, agentWarnings, type AgentsMeans } from './agent-checks.ts';
import { agentsMax } from './agents-schema.ts';
import { type AgentsTree, readAgentsTree } from './agents-tree.ts';

/** What an agents file holds. */
export interface ReadAgents {
  /** Null if there is a problem. */
  readonly book: AgentBook | null;
  /** A line for each problem: file, line, column, field and remedy. */
  readonly problems: readonly string[];
  /** What will work and is probably not meant, in the same form. */
  readonly warnings: readonly string[];
  /** Every file that was read, also those that are missing. */
  readonly files: readonly string[];
}

const layout = {
  member: 'agents',
  others: [],
  entriesMax: agentsMax,
  wants: 'agents:, and below it a name for each',
  isEntry: isJsonObject,
};

/** The name of an agent, as logs, pages and the history show it. */
const agentNameForm = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

/** Reads the agents file and the files that it names. Never rejects. */
export async function readAgentsFile(path: string, means: AgentsMeans): Promise<ReadAgents> {
  const tree = await readAgentsTree(path);
  return new AgentsReader(tree, means).read();
}

/** An agent of the file whose fields are right, each by itself. */
interface Entry {
  readonly profile: AgentProfile;
  readonly fields: AgentFields;
}

class AgentsReader {
  readonly #tree: AgentsTree;
  readonly #means: AgentsMeans;
  readonly #problems: string[] = [];
  readonly #warnings: string[] = [];

  constructor(tree: AgentsTree, means: AgentsMeans) {
    this.#tree = tree;
    this.#means = means;
  }

  read(): ReadAgents {
    const { value, problems: unread } = this.#tree;
    const written = namedEntries(value, unread.length === 0, layout, (path, what) => this.#complain(path, what));
    const entries = Object.entries(written).flatMap(([name, entry]) => this.#entry(name, entry) ?? []);
    const defaultAgent = this.#defaultOf(entries);
    this.#checkNumbers(entries);
    const problems = [...this.#tree.problems, ...this.#problems];
    const others = entries.map(({ profile }) => profile).filter((profile) => profile !== defaultAgent);
    const isSound = problems.length === 0 && defaultAgent !== null;
    return {
      book: isSound ? new AgentBook(defaultAgent, others) : null,
      problems,
      warnings: this.#warnings,
      files: [...this.#tree.files, ...entries.flatMap(({ profile }) => profile.fillerPhraseFile ?? [])],
    };
  }

  /** Null where a problem leaves nothing to be used. */
  #entry(name: string, written: unknown): Entry | null {
    const path = ['agents', name];
    if (!agentNameForm.test(name))
      this.#complain(path, 'has a wrong name; it wants letters, digits, spaces and ". _ -", at most 40 of them');
    if (written === undefined) return null;
    if (!isJsonObject(written)) {
      this.#complain(path, 'is no map; it wants its fields below, such as numbers and prompt');
      return null;
    }
    const parsed = agentFields(this.#means.transfers.country).safeParse(written);
    if (!parsed.success) {
      for (const { path: inner, what } of issueFaults(parsed.error.issues, written)) {
        const known = fieldsAt(inner);
        const isUnknown = !known.includes(String(inner.at(-1)));
        this.#complain(
          [...path, ...inner],
          `${what}${isUnknown ? didYouMean(inner.at(-1), known, inner.length === 1 ? agentWords : {}) : ''}`,
        );
      }
      return null;
    }
    const { base, voicemail } = this.#means;
    const folder = this.#tree.folderOf([...path, 'filler_phrase_file']);
    const described = agentOfFields(name, parsed.data, base, { voicemail, folder });
    const { destinations, faults } = agentDestinations(described, parsed.data, this.#means);
    const profile = { ...described, destinations };
    for (const fault of faults) this.#complain([...path, 'destinations', ...fault.path.map(String)], fault.message);
    for (const fault of agentFaults(profile, parsed.data, this.#means))
      this.#complain([...path, ...fault.path], fault.what);
    for (const { path: inner, what } of agentWarnings(profile, parsed.data, this.#means))
      this.#warnings.push(this.#line([...path, ...inner], what));
    return { profile, fields: parsed.data };
  }

  /** Callers of a number that is nobody's, and those whose number Twilio withholds, need somebody as well. */
  #defaultOf(entries: readonly Entry[]): AgentProfile | null {
    const [first, ...others] = entries.filter(({ fields }) => fields.default === true);
    for (const { profile } of others)
      this.#complain(
        ['agents', profile.name, 'default'],
        `is true for ${quoted(first?.profile.name)} as well; one agent is the default`,
      );
    const hasProblems = this.#problems.length > 0 || this.#tree.problems.length > 0;
    // Where a field is wrong, nobody can tell who would have been it.
    if (first === undefined && !hasProblems)
      this.#complain(['agents'], 'has no default; give one agent default: true, for numbers that no other has');
    return first?.profile ?? null;
  }

  #checkNumbers(entries: readonly Entry[]): void {
    const owners = new Map<string, MemberPath>();
    for (const { profile, fields } of entries) {
      const at = ['agents', profile.name];
      if (profile.numbers.length === 0 && fields.default !== true)
        this.#complain(at, 'has no numbers, so nobody would reach it; give it numbers, or default: true');
      for (const [index, number] of profile.numbers.entries()) {
        const path = [...at, 'numbers', index];
        const owner = owners.get(number);
        if (owner === undefined) owners.set(number, path);
        else
          this.#complain(
            path,
            `is a number of ${quoted(String(owner[1]))} already, in line ${this.#tree.placeOf(owner).place.line}`,
          );
      }
    }
  }

  #complain(path: MemberPath, what: string): void {
    this.#problems.push(this.#line(path, what));
  }

  #line(path: MemberPath, what: string): string {
    const { file, place } = this.#tree.placeOf(path);
    // The words of a setting of the environment are whole sentences.
    return problemLine(file, { place, path, what: what.replace(/[.?]$/, '') });
  }
}

function quoted(name: string | undefined): string {
  return JSON.stringify(name ?? '');
}
