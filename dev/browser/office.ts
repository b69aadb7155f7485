import { loadCallerClips } from '../../src/sim/caller/caller-clips.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { builtInTools } from '../../src/tools/built-in.ts';
import { createTools } from '../../src/tools/tool.ts';
import type { Ending } from '../../test/e2e/ending.ts';
import { ServiceScene } from '../../test/e2e/service-scene.ts';
import { until } from '../../test/until.ts';
import { ownFiles } from './own-files.ts';

/** What is said and written in an office. */
export interface OfficeWords {
  /** What the callers say, sentence by sentence. */
  readonly caller: readonly string[];
  /** What the agent says to each of these sentences. */
  readonly agent: readonly string[];
  /** What is on file about the order A1042. */
  readonly record: string;
  /** Whom the telephone network takes the caller for. */
  readonly callerName: string;
}

const person = '+12025550123';

/**
 * A service that has had calls, with its pages: one that went well, one that failed because the model refused the key, and one that is
 * live, in which all has been said. Recordings and journal lie in a folder of their own, and all ends with whoever asked for it.
 */
export async function openOffice(ending: Ending, words: OfficeWords): Promise<ServiceScene> {
  const { env, parts } = ownFiles(ending);
  const lookupTable = { columns: ['order', 'note'], records: [['A1042', words.record]] };
  const scene = await ServiceScene.open(ending, {
    env: {
      ...env,
      TRANSFER_DESTINATIONS: `support=${person}`,
      MODEL_OUTAGE_MS: '6000',
    },
    model: { script: scriptOf(words) },
    parts: {
      ...parts,
      tools: createTools(
        builtInTools({
          lookupTable,
          destinations: ['support'],
        }),
      ),
    },
  });
  const said = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 300 }] as const;
  const talk = [...said, ...words.caller.flatMap(() => [{ say: 'no' } as const, ...said])];
  const call = { clips: loadCallerClips(), extraFields: { CallerName: words.callerName } };
  await scene.call({ ...call, script: { steps: [...talk, { hangUp: true }] } }).ended;
  let isTalkedOut = false;
  scene.call({
    ...call,
    from: '+12025550166',
    script: { steps: [...talk, { dtmf: '1' }] },
    onNote: ({ kind }) => {
      if (kind === 'caller.pressed') isTalkedOut = true;
    },
  });
  await until('all has been said in the live call', () => isTalkedOut);
  await scene.call({ ...call, from: '+12025550155' }).ended;
  return scene;
}

/** The third call has no session. */
function scriptOf({ caller, agent }: OfficeWords): ScriptInput {
  const lookUp = { name: 'lookup_record', args: { query: 'A1042' }, answered: [{ say: 'beep', text: agent[0] ?? '' }] };
  return {
    setupMs: 0,
    latencyMs: 600,
    heardMs: 100,
    turns: [
      { steps: [{ say: 'beep', text: 'Hello, this is Parley.' }] },
      ...caller.map((heard, at) => ({
        heard,
        steps: at === 0 ? [{ call: lookUp }] : [{ say: 'beep', text: agent[at] ?? '' }],
      })),
    ],
    // Nothing is tried again with a key that is refused.
    sessions: [{}, {}, { refuseSetup: 'keyInvalid' }],
  };
}
