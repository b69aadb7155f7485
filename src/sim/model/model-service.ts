import type { Setup } from './protocol/setup-message.ts';
import { parseScript, sessionScript } from './script/script.ts';
import type { Script, ScriptInput, SessionScript } from './script/script.ts';
import { ServiceMemory } from './service-memory.ts';
import type { SessionReport } from './session-report.ts';
import { SimulatedModel } from './simulated-model.ts';
import type { Clip } from './speech/speech-plan.ts';

/** What a simulated service is made of. */
export interface ModelServiceOptions {
  /** What the model says: the same for every call, or chosen by the setup of a session. */
  readonly script: Script | ((setup: Setup) => ScriptInput);
  readonly clips: ReadonlyMap<string, Clip>;
  /** The one key that is accepted. */
  readonly apiKey: string;
}

/** What becomes of a connection: a session, an HTTP status, or nothing at all. */
type Arrival =
  | { readonly upgrade: 'accept'; readonly model: SimulatedModel }
  | { readonly upgrade: Exclude<SessionScript['upgrade'], 'accept'> };

/** Sessions kept for assertions: a demo that runs for days forgets the oldest. */
const sessionsMax = 100;

/** The simulated service: one session after the other, or several at once, with what they share. Both hosts put it on their sockets. */
export class ModelService {
  readonly #clips: ReadonlyMap<string, Clip>;
  readonly #apiKey: string;
  readonly #scriptFor: (setup: Setup, session: number) => SessionScript;
  readonly #upgradeFor: (session: number) => SessionScript['upgrade'];
  readonly #memory = new ServiceMemory();
  readonly #models: SimulatedModel[] = [];
  #arrived = 0;

  /** A script that the setup chooses is read when the setup comes, and throws its ScriptError then. */
  constructor({ script, clips, apiKey }: ModelServiceOptions) {
    this.#clips = clips;
    this.#apiKey = apiKey;
    if (typeof script === 'function') {
      const names = [...clips.keys()];
      this.#scriptFor = (setup, session) => sessionScript(parseScript(script(setup), names), session);
      this.#upgradeFor = () => 'accept';
    } else {
      this.#scriptFor = (_setup, session) => sessionScript(script, session);
      this.#upgradeFor = (session) => script.sessions[session - 1]?.upgrade ?? script.upgrade;
    }
  }

  /** Takes the next connection. Connections are counted from 1, refused ones too. */
  arrive(): Arrival {
    this.#arrived += 1;
    const session = this.#arrived;
    const upgrade = this.#upgradeFor(session);
    if (upgrade !== 'accept') return { upgrade };
    const model = new SimulatedModel({
      session,
      scriptFor: (setup) => this.#scriptFor(setup, session),
      clips: this.#clips,
      apiKey: this.#apiKey,
      memory: this.#memory,
    });
    this.#models.push(model);
    if (this.#models.length > sessionsMax) this.#models.shift();
    return { upgrade, model };
  }

  /** The caller begins to say a clip, of which the script's `sounds` may tell the kind. */
  callerSays(clip: string, atMs: number): void {
    this.#memory.callerSound = { clip, atMs };
  }

  /** The latest sessions, oldest first. */
  reports(): readonly SessionReport[] {
    return this.#models.map((model) => model.report());
  }
}
