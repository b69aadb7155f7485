import type { AgentBook } from '../agents/agent-book.ts';
import type { Config } from '../config/config.ts';
import { BrowserCalls } from '../console/phone/browser-calls.ts';
import type { PhoneSetup } from '../console/phone/phone-news.ts';
import { behaviorOf } from '../gemini/models.ts';
import type { PhoneService } from '../host/phone-service.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { Tool } from '../tools/tool.ts';
import { paths } from '../twilio/paths.ts';

/** The account of a phone network that is played on this machine. */
const ownAccountSid = `AC${'0'.repeat(32)}`;

/** Makes what calls a service from the browser. The service and where it listens are asked for once a call is placed. */
export function browserCalls(
  config: Config,
  running: () => { readonly service: PhoneService; readonly publicUrl: string; readonly port: number },
  log: Logger,
): BrowserCalls {
  const { twilio, transferDestinations, fallback, http } = config;
  return new BrowserCalls({
    line: () => {
      const { publicUrl, port } = running();
      return {
        voiceUrl: publicUrl + paths.voice,
        statusUrl: publicUrl + paths.status,
        target: `http://${reachableHost(http.host)}:${port}`,
        authToken: twilio.signing.authTokens[0] ?? null,
        accountSid: twilio.accountSid ?? ownAccountSid,
      };
    },
    destinations: transferDestinations,
    fallbackNumber: fallback.number,
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

/** What the page of the browser phone must know of the agent. */
export function phoneSetup(
  config: Config,
  { agents }: AgentBook,
  tools: ReadonlyMap<string, Tool>,
  isSimulated: boolean,
): PhoneSetup {
  const { gemini, transferDestinations, limits, admin } = config;
  return {
    agents: agents.map(({ name }) => ({ id: name, name })),
    model: isSimulated ? { kind: 'simulated' } : { kind: 'real', name: gemini.model },
    tools: [...tools.keys()],
    heldBackTools: admin.callsAct
      ? []
      : [...tools.values()].filter(({ effect }) => effect === 'write').map(({ name }) => name),
    destinations: [...transferDestinations.keys()],
    callMinutesMax: Math.round(limits.callSecondsMax / 60),
    pictures: behaviorOf(gemini.model, gemini.setup).pictures,
  };
}

/** An address of this machine for whoever listens on all of them. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
