import type { Config } from '../config/config.ts';
import type { ConsolePart } from '../console/door/console-part.ts';
import { BrowserCalls, type CalledAgent } from '../console/phone/browser-calls.ts';
import type { PhoneAgent } from '../console/phone/phone-news.ts';
import { phonePart } from '../console/phone/phone-part.ts';
import { behaviorOf } from '../gemini/models.ts';
import type { PhoneService } from '../host/phone-service.ts';
import { systemClock } from '../system/clock.ts';
import { hostFromHere } from '../system/listening-place.ts';
import type { Logger } from '../system/logger.ts';
import { instancePath, paths } from '../twilio/paths.ts';
import type { CallAgents } from './agents/call-agents.ts';
import type { ServedAgent } from './agents/served-agent.ts';

/** What the page of the browser phone is made with. */
interface PhoneAgentsMeans {
  readonly agents: CallAgents;
  readonly isSimulated: boolean;
  readonly log: Logger;
}

/** A service that calls are made to, and where it is. */
export interface RunningService {
  readonly service: PhoneService;
  readonly publicUrl: string;
  readonly port: number;
}

/** The account of a phone network that is played on this machine. */
const ownAccountSid = `AC${'0'.repeat(32)}`;

/** Makes what calls a service from the browser. The service and where it listens are asked for once a call is placed. */
export function browserCalls(config: Config, running: () => RunningService, log: Logger): BrowserCalls {
  const { twilio, http } = config;
  return new BrowserCalls({
    line: () => {
      const { publicUrl, port } = running();
      const own = publicUrl + instancePath(http.instance);
      return {
        voiceUrl: own + paths.voice,
        statusUrl: own + paths.status,
        target: `http://${hostFromHere(http.host)}:${port}`,
        authToken: twilio.signing.authTokens[0] ?? null,
        accountSid: twilio.accountSid ?? ownAccountSid,
      };
    },
    callsAct: config.admin.callsAct,
    expect: (callSid) => running().service.registry.expectFromBrowser(callSid),
    isOurs: (callSid) => running().service.registry.sourceOf(callSid) === 'browser',
    show: (callSid, jpeg) => {
      const outcome = running().service.show(callSid, jpeg);
      return outcome.kind === 'taken' ? null : outcome.reason;
    },
    clock: systemClock,
    log,
  });
}

/** The browser phone of a service: its page offers the agents that the next call would find. */
export function browserPhone(config: Config, calls: BrowserCalls, means: PhoneAgentsMeans): ConsolePart {
  const { agents, isSimulated, log } = means;
  const served = (): readonly ServedAgent[] => agents.served;
  return phonePart({
    calls,
    setup: () => ({
      agents: served().map((one) => phoneAgent(one, config, isSimulated)),
      callMinutesMax: Math.round(config.limits.callSecondsMax / 60),
    }),
    agentOf: (id) => {
      const found = served().find(({ profile }) => profile.name === id);
      return found === undefined ? null : calledAgent(found);
    },
    log,
  });
}

function calledAgent({ profile: { numbers, destinations, fallback } }: ServedAgent): CalledAgent {
  const targets = new Map([...destinations].map(([name, place]) => [name, place.targets] as const));
  return { number: numbers[0] ?? null, destinations: targets, fallbackNumber: fallback.number };
}

function phoneAgent({ profile, tools }: ServedAgent, { admin, gemini }: Config, isSimulated: boolean): PhoneAgent {
  const { name, numbers, destinations, model } = profile;
  return {
    id: name,
    name,
    numbers,
    model: isSimulated ? { kind: 'simulated' } : { kind: 'real', name: model },
    tools: [...tools.keys()],
    heldBackTools: admin.callsAct
      ? []
      : [...tools.values()].filter(({ effect }) => effect === 'write').map((tool) => tool.name),
    destinations: [...destinations.keys()],
    pictures: behaviorOf(model, gemini.setup).pictures,
  };
}
