import { resolve } from 'node:path';
import { ParleyError } from '../../errors.ts';
import { lookupKinds } from '../../lookups/lookup-kinds.ts';
import type { LookupMeans, OpenLookup } from '../../lookups/lookup-kind.ts';
import { within } from '../../system/within.ts';
import type { Tool, ToolLog } from '../../tools/tool.ts';
import type { LookupEntry, ToolSource } from '../tool-source.ts';
import { offerOwnPackages } from './own-packages.ts';
import { loadToolsFolder } from './tools-folder.ts';

/** An index of thousands of pages is made within this. Whatever takes longer would hold up the start of the service. */
const lookupMsMax = 60_000;

/** A tool and the file or entry that it comes from. */
interface SourcedTool {
  readonly tool: Tool;
  readonly from: string;
}

/** What came of opening: all problems, and not only the first. */
export interface OpenSources {
  /** Those that are offered at the moment. */
  readonly tools: () => readonly SourcedTool[];
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

/** What is told while sources are opened. */
interface OpeningMeans {
  readonly begin: (what: string) => void;
  readonly log: ToolLog;
  /** What is offered has changed. */
  readonly onOffers: () => void;
}

/** Opens all sources of a process. Never throws. */
export async function openSources(sources: readonly ToolSource[], means: OpeningMeans): Promise<OpenSources> {
  const opened = await Promise.all(
    sources.map(async (source) =>
      source.type === 'folder' ? openFolder(source.folder, means.begin) : openLookup(source.lookup, means),
    ),
  );
  return {
    tools: () => opened.flatMap(({ tools }) => tools()),
    warnings: opened.flatMap(({ warnings }) => warnings),
    problems: opened.flatMap(({ problems }) => problems),
    close: async () => {
      await Promise.all(opened.map(async ({ close }) => close()));
    },
  };
}

async function openFolder(folder: string, begin: (what: string) => void): Promise<OpenSources> {
  offerOwnPackages();
  const files = await loadToolsFolder(folder, begin);
  const sourced = files.flatMap(({ path, tools }) => tools.map((tool) => ({ tool, from: path })));
  return {
    tools: () => sourced,
    warnings: files.length === 0 ? [`${folder} holds no tools.`] : [],
    problems: files.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    close: async () => Promise.resolve(),
  };
}

async function openLookup(lookup: LookupEntry, { begin, log, onOffers }: OpeningMeans): Promise<OpenSources> {
  const { name } = lookup.options;
  const from = `the lookup ${name}`;
  begin(from);
  let offered: readonly Tool[] | null = null;
  const offer = (tools: readonly Tool[]): void => {
    offered = tools;
    onOffers();
  };
  const opened = await within(openedOrProblem(lookup, { log, offer }), lookupMsMax);
  if (opened === null) return cannotOpen(`The lookup ${name} was not ready after ${lookupMsMax / 1000} s.`);
  if (typeof opened === 'string') return cannotOpen(opened);
  const { tools, warnings, close } = opened;
  return { tools: () => (offered ?? tools).map((tool) => ({ tool, from })), warnings, problems: [], close };
}

function cannotOpen(problem: string): OpenSources {
  return { tools: () => [], warnings: [], problems: [problem], close: async () => Promise.resolve() };
}

async function openedOrProblem(
  { kind, options, fields, folder }: LookupEntry,
  means: Pick<LookupMeans, 'log' | 'offer'>,
): Promise<OpenLookup | string> {
  try {
    const load = lookupKinds.get(kind);
    if (load === undefined) return `The lookup ${options.name} is of no kind that there is: "${kind}".`;
    const known = await load();
    return await known.open(options, fields, { path: (named) => resolve(folder, named), ...means });
  } catch (error) {
    // A kind says what is wrong, and not with which of its entries.
    if (error instanceof ParleyError) {
      const lines = error.message.split('\n');
      return lines.map((line) => `${options.name}: ${line}`).join('\n');
    }
    return `The lookup ${options.name} cannot be opened: ${String(Object(error).stack ?? error)}`;
  }
}
