import type { AgentBook } from '../../agents/agent-book.ts';
import type { AgentProfile } from '../../agents/agent-profile.ts';
import { agentTexts } from '../../agents/agent-texts.ts';
import type { ContextValues } from '../../agents/context/context-values.ts';
import { CallLog } from '../../calllog/call-log.ts';
import type { LogFolder } from '../../calllog/log-folder.ts';
import { CallWaits } from '../../calllog/story/call-waits.ts';
import type { CallObserver } from '../../call/call-observer.ts';
import type { Config } from '../../config/config.ts';
import type { LiveCalls } from '../../console/live/live-calls.ts';
import type { BrowserCalls } from '../../console/phone/browser-calls.ts';
import { CallCost } from '../../host/call-cost.ts';
import type { Parties } from '../../host/call-desk.ts';
import type { ContextWanted } from '../../host/incoming/context-desk.ts';
import type { Reception } from '../../host/incoming/incoming-calls.ts';
import type { ObservedCall } from '../../host/observed-call.ts';
import type { CallAgent } from '../../host/phone-service.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { ServedCall } from '../../tools/tool.ts';
import { transferCallName } from '../../tools/transfer-call.ts';
import type { OfferedTools } from '../agent-tools.ts';
import type { Monitoring } from '../monitoring.ts';
import { type ServedAgent, servedAgent } from './served-agent.ts';

/** What metrics call the agent of a service that has only one. */
const onlyAgent = 'default';

/** Who observes each call. */
interface Watchers {
  readonly logFolder: LogFolder | null;
  /** Null where there are no pages. */
  readonly pages: { readonly live: LiveCalls; readonly browser: BrowserCalls } | null;
  readonly monitoring: Monitoring;
}

/** What the agents of calls are made with. */
export interface CallAgentsMeans extends Watchers {
  readonly config: Config;
  /** All that there are. Each agent uses those that it may. */
  readonly offered: OfferedTools;
  /** Whether recorded sentences answer, which cost nothing. */
  readonly isSimulated: boolean;
  readonly log: Logger;
  readonly observeCall?: (call: ObservedCall) => CallObserver;
  readonly breakCall?: (callSid: string) => NonNullable<CallAgent['onEnter']>;
}

/** The agents of a service as its calls meet them: chosen by the number that was dialled, each call with observers of its own. */
export class CallAgents {
  readonly #means: CallAgentsMeans;
  #offered: OfferedTools;
  #book: AgentBook;
  #served: ReadonlyMap<AgentProfile, ServedAgent>;

  /** Throws `config.invalid` as `take` does. */
  constructor(book: AgentBook, means: CallAgentsMeans) {
    this.#means = means;
    this.#offered = means.offered;
    this.#book = book;
    this.#served = this.#serve(book, this.#offered);
    this.#tellMonitoring();
  }

  /** The agents that the next call finds, the default one first. */
  get served(): readonly ServedAgent[] {
    return [...this.#served.values()];
  }

  /**
   * The next calls get the agents of this book, and those that are live keep theirs. Throws `config.invalid`, and takes none of them, if
   * one cannot answer a call.
   */
  take(book: AgentBook): void {
    this.#served = this.#serve(book, this.#offered);
    this.#book = book;
    this.#tellMonitoring();
  }

  /** The same for other tools. */
  takeTools(offered: OfferedTools): void {
    this.#served = this.#serve(this.#book, offered);
    this.#offered = offered;
    this.#tellMissing();
  }

  /** What an agent names and nobody declares any more is missing in its calls. */
  #tellMissing(): void {
    for (const { name: agent, tools } of this.#book.agents) {
      const missing = tools === 'all' ? [] : tools.filter((name) => !this.#isKnown(name));
      if (missing.length > 0) this.#means.log.warn({ agent, missing }, 'agentToolsMissing');
    }
  }

  #tellMonitoring(): void {
    this.#means.monitoring.takeAgents(this.#book.agents.map((profile) => this.#countedAs(profile)));
  }

  /** The agent of the environment is known by its model, and may get another; its figures go on. */
  #countedAs({ name }: AgentProfile): string {
    return this.#means.config.agentsFile === null ? onlyAgent : name;
  }

  #isKnown(name: string): boolean {
    return name === transferCallName || this.#offered.names.includes(name);
  }

  /** The agent of one call. `context`: what somebody who was asked knows of it. */
  agentFor(callSid: string, parties: Parties, context: ContextValues): CallAgent {
    const { config, isSimulated, logFolder, pages, monitoring, observeCall, breakCall, log } = this.#means;
    const served = this.#find(parties.to);
    const { profile, audioPath, first, fallback } = served;
    const tools = pages?.browser.toolsOf(callSid, served.tools) ?? served.tools;
    const atMs = systemClock.unixMs();
    const { greeting, apology, instructionAt } = agentTexts(profile, [...tools.keys()], { ...parties, context, atMs });
    const settings = { ...served.settings, greeting, apology, caller: parties.from };
    const models = { first: first.model, fallback: fallback.model };
    const prices = isSimulated ? null : config.prices;
    const cost = new CallCost(prices, models, log.child({ callSid }));
    const waits = new CallWaits(audioPath);
    const { name, destinations } = profile;
    const recorded = { name, model: isSimulated ? 'simulated' : first.model };
    const logged = { callSid, agent: recorded, settings, fillerPhrase: served.ownFillerPhrase };
    const callLog = logFolder === null ? null : new CallLog(logFolder, logged, log);
    const { instance } = config.http;
    const observed = { callSid, parties, agent: { name, destinations: [...destinations.keys()] }, audioPath, cost };
    return {
      settings,
      audioPath,
      tools,
      served: servedCall(profile, callSid, parties),
      first,
      fallback,
      instructionAt,
      account: {
        agent: name,
        recorded: callLog === null || instance === null ? null : { by: instance, log: callLog.name },
        figures: () => ({ ...cost.sum, waits: waits.figures }),
        waitedMs: (waitedAtMs) => waits.waitedMs(waitedAtMs),
      },
      observers: [
        cost,
        waits,
        ...(callLog === null ? [] : [callLog]),
        ...monitoring.observe(callSid, { agent: this.#countedAs(profile), audioPath, models, prices }),
        ...(pages === null ? [] : [pages.live.observe(observed, waits), ...pages.browser.observersOf(callSid)]),
        ...(observeCall === undefined ? [] : [observeCall(observed)]),
      ],
      ...(breakCall === undefined ? {} : { onEnter: breakCall(callSid) }),
    };
  }

  /** The agent that a call will have, and the values that its texts name. */
  contextWantedFor({ to }: Parties): ContextWanted {
    const { name, contextDefaults } = this.#find(to).profile;
    return { agent: name, defaults: contextDefaults };
  }

  /** What the callers of a number get for whom there is no call. */
  receptionFor(to: string | null): Reception {
    const { settings, profile } = this.#find(to);
    return { settings, sayLanguage: profile.languageTag };
  }

  #find(to: string | null): ServedAgent {
    const profile = this.#book.find(to);
    const served = this.#served.get(profile);
    if (served === undefined) throw new RangeError(`The agent ${profile.name} stands in no book.`);
    return served;
  }

  #serve(book: AgentBook, offered: OfferedTools): ReadonlyMap<AgentProfile, ServedAgent> {
    const { config, log } = this.#means;
    return new Map(book.agents.map((profile) => [profile, servedAgent(profile, config, offered, log)]));
  }
}

function servedCall({ name, languageTag, schedule }: AgentProfile, callSid: string, parties: Parties): ServedCall {
  return { callSid, ...parties, agent: name, languageTag, timeZone: schedule.timeZone };
}
