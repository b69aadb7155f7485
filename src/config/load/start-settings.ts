import { agentsFileProblems, unreadAgentsFiles } from '../../agents/agents-source.ts';
import { ParleyError } from '../../errors.ts';
import { readPhraseFile } from '../../sounds/phrase-file.ts';
import { isOtherFile } from '../../store/sqlite/database-file.ts';
import { journalFiles } from '../../store/sqlite/worker-journal.ts';
import type { Config } from '../config.ts';
import { readEnvFile } from '../env-file/read-env-file.ts';
import { fillEnvironment } from '../load-settings.ts';
import { fileProblem } from '../named-files/named-file.ts';
import { type ReadConfig, readConfig } from './load-config.ts';

/** What agents of a file are judged by. While one of these is wrong, nobody knows what is wrong with the agents. */
const agentsLeanOn = [
  'BUSINESS_HOURS',
  'CONTEXT_DEFAULTS',
  'FALLBACK_VOICEMAIL',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'PHONE_COUNTRY',
  'TRANSFER_DESTINATIONS',
  'TRANSFER_DESTINATIONS_FILE',
];

/**
 * The settings of a service that starts, as `loadSettings` reads them. Rejects with `config.invalid` and all that is wrong with them and with
 * the files that they name.
 */
export async function startSettings(env: Record<string, string | undefined>): Promise<Config> {
  const file = readEnvFile(env);
  const read = readConfig(env, undefined, file);
  const { config, hints } = read;
  const problems = [...read.problems, ...journalProblems(config), ...phraseProblems(config.agent)];
  if (problems.length > 0) {
    const ofAgents = await agentProblems(read);
    throw new ParleyError('config.invalid', [...problems, ...ofAgents, ...hints].join('\n'));
  }
  fillEnvironment(env, file);
  return config;
}

/** A file that never was a journal is somebody's, who would look for it in vain when it was moved aside. */
function journalProblems({ journal, workers }: Config): string[] {
  if (journal.database !== null || journal.file === null) return [];
  return journalFiles(journal.file, workers)
    .filter(isOtherFile)
    .map((path) =>
      workers === null
        ? fileProblem('JOURNAL_FILE', path, 'is no journal but another file; name one that is not there yet')
        : `JOURNAL_FILE gives a worker ${path}, which is no journal but another file; move that, or name another journal.`,
    );
}

function phraseProblems({ fillerPhraseFile }: Config['agent']): string[] {
  if (fillerPhraseFile === null) return [];
  try {
    readPhraseFile(fillerPhraseFile);
    return [];
  } catch (error) {
    if (error instanceof ParleyError) return [error.message];
    throw error;
  }
}

/** Of a start that is not refused, these are told when the tools are there that agents may name. */
async function agentProblems({ config, wrong }: ReadConfig): Promise<readonly string[]> {
  if (wrong.has('AGENTS_FILE')) return [];
  return agentsLeanOn.some((name) => wrong.has(name)) ? unreadAgentsFiles(config) : agentsFileProblems(config);
}
