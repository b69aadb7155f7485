import type { MemberFault } from '../../admin-file/issue-words.ts';
import { didYouMean } from '../../admin-file/issue-words.ts';
import type { TransferDefaults } from '../../config/destinations/destination-schema.ts';
import { manualTurnsRefusal } from '../../config/model/turn-detection-checks.ts';
import { unknownModel } from '../../config/model/unknown-model.ts';
import type { Voicemail } from '../../call/call-settings.ts';
import { ParleyError } from '../../errors.ts';
import { type Backend, judgeModel, modelIds, setupRefusals } from '../../gemini/models.ts';
import type { SetupSettings } from '../../gemini/setup-settings.ts';
import { readPhraseFile } from '../../sounds/phrase-file.ts';
import { transferCallName } from '../../tools/transfer-call.ts';
import { builtInNames, templateProblems } from '../context/template.ts';
import type { AgentProfile } from '../agent-profile.ts';
import type { AgentFields } from './agent-fields.ts';

/** What agents of a file are made with and checked against. */
export interface AgentsMeans {
  /** The agent of the environment, whose values hold where the file says nothing. */
  readonly base: AgentProfile;
  /** What holds for destinations that do not say otherwise. */
  readonly transfers: TransferDefaults;
  /** How a message is asked for unless the file says otherwise. */
  readonly voicemail: Voicemail;
  /** Names of all tools that there are; null where nobody knows. */
  readonly toolNames: readonly string[] | null;
  /** Where the models are, and what of the setup is the admin's own. */
  readonly backend: Backend;
  readonly setup: SetupSettings;
}

/** What is wrong with an agent although each field alone has the right form. */
export function agentFaults(profile: AgentProfile, fields: AgentFields, means: AgentsMeans): MemberFault[] {
  return [
    ...placeholderFaults(profile, fields),
    ...toolFaults(profile, fields, means),
    ...modelFaults(fields, means),
    ...phraseFaults(profile, fields),
  ];
}

/** What works and is probably not meant. */
export function agentWarnings(
  profile: AgentProfile,
  fields: AgentFields,
  { base, backend }: AgentsMeans,
): MemberFault[] {
  const { language } = profile;
  const unsaid = (['greeting', 'apology'] as const).filter((field) => fields[field] === undefined);
  const unknown = fields.model === undefined ? null : unknownModel(fields.model, backend);
  return [
    ...(fields.language !== undefined && language !== null && language !== base.language && unsaid.length > 0
      ? [
          {
            path: ['language'],
            what: `is ${language}, and callers would hear the words of the environment: say ${unsaid.join(' and ')} as well`,
          },
        ]
      : []),
    ...(unknown === null ? [] : [{ path: ['model'], what: unknown }]),
  ];
}

/** Placeholders that nothing fills. The apology is also for callers of whose calls nothing is known. */
function placeholderFaults({ contextDefaults, schedule }: AgentProfile, fields: AgentFields): MemberFault[] {
  return (['prompt', 'greeting', 'apology'] as const).flatMap((field) =>
    templateProblems(fields[field] ?? '', {
      declared: [...contextDefaults.keys()],
      builtIn: field === 'apology' ? ['agent'] : builtInNames,
      declaredIn: 'context',
      hasHours: schedule.week !== null,
      hoursIn: 'hours',
    }).map((what) => ({ path: [field], what })),
  );
}

function toolFaults(
  { destinations }: AgentProfile,
  { tools = [] }: AgentFields,
  { toolNames }: AgentsMeans,
): MemberFault[] {
  return tools.flatMap((name, index) => {
    if (name === transferCallName) {
      const what = `is "${name}", and the agent has no destinations; give it some, or leave the name out`;
      return destinations.size > 0 ? [] : [{ path: ['tools', index], what }];
    }
    if (toolNames === null || toolNames.includes(name)) return [];
    const choices = toolNames.length === 0 ? 'there are none' : `it wants one of ${toolNames.join(', ')}`;
    const what = `is ${JSON.stringify(name.slice(0, 40))}, which is no tool; ${choices}${didYouMean(name, toolNames)}`;
    return [{ path: ['tools', index], what }];
  });
}

function modelFaults({ model }: AgentFields, { backend, setup }: AgentsMeans): MemberFault[] {
  if (model === undefined) return [];
  const verdict = judgeModel(model, backend);
  if (verdict.kind === 'refused') {
    const wants = `it wants one of ${modelIds(backend).join(', ')}`;
    return [{ path: ['model'], what: `is "${model}", which ${verdict.reason}; ${wants}` }];
  }
  const refusal = manualTurnsRefusal(setup.turnDetection, verdict.rules);
  if (refusal !== null) {
    return [{ path: ['model'], what: `is "${model}", which ${refusal}, and TURN_DETECTION is manual for all agents` }];
  }
  return setupRefusals(setup.extra, verdict.rules, backend).map(({ path, reason }) => ({
    path: ['model'],
    what: `is "${model}", which ${reason}: ${path}, which the environment sets for all agents`,
  }));
}

function phraseFaults({ fillerPhraseFile }: AgentProfile, fields: AgentFields): MemberFault[] {
  const name = 'filler_phrase_file';
  if (fields[name] === undefined || fillerPhraseFile === null) return [];
  try {
    readPhraseFile(fillerPhraseFile, name);
    return [];
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return [{ path: [name], what: error.message.slice(name.length + 1) }];
  }
}
