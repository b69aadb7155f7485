import { statSync } from 'node:fs';
import { envFilePlace } from '../../config/env-file/read-env-file.ts';
import { isPublic } from '../../config/parsers.ts';
import { ParleyError } from '../../errors.ts';
import { identityPath } from '../../twilio/edge/identity.ts';
import { signAsTwilio } from '../../twilio/edge/signature.ts';
import { paths } from '../../twilio/paths.ts';
import { type Check, type Finding, ok, skipped, warning, wrong } from './check.ts';
import { CheckFailure } from './check-failure.ts';
import { askPublic, socketExchange } from './network.ts';
import { newNonce } from './port/gate.ts';
import { listenerStartMs } from './port/listener-start.ts';
import type { Scene, Surroundings } from './scene.ts';

/** A process that starts has read its settings within this time. */
const startMsMax = 2_000;

/** Whether Twilio, which calls PUBLIC_URL, finds this very process, and is told from everybody else. */
export const addressChecks: readonly Check[] = [
  { name: 'port', group: 'address', isOffline: true, msMax: 10_000, run: openGate },
  { name: 'public address', group: 'address', isOffline: true, needs: ['port'], msMax: 1_000, run: judgeAddress },
  { name: 'address over HTTP', group: 'address', needs: ['public address'], msMax: 10_000, run: reachOverHttp },
  {
    name: 'address over WebSocket',
    group: 'address',
    needs: ['address over HTTP'],
    msMax: 10_000,
    run: reachOverSocket,
  },
  { name: 'signatures', group: 'address', needs: ['address over WebSocket'], msMax: 15_000, run: tellTwilioApart },
];

async function openGate({ config, gate, world }: Scene): Promise<Finding[]> {
  const { host, port } = config.http;
  if (port === 0)
    return [
      wrong(
        'PORT is 0, which is another port at each start: no tunnel finds it.',
        'Set PORT to a fixed one, such as 8080.',
      ),
    ];
  try {
    const listener = await gate.open();
    if (listener === 'parley') return [await judgeStart(config.http, world)];
    if (listener === 'doctor') return [ok(`port ${port} is free; the doctor listens there meanwhile.`)];
    return [
      wrong(
        `another program listens on port ${port}.`,
        `Stop it, or set another PORT and let the tunnel lead there. Who it is: lsof -i :${port}`,
      ),
    ];
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return [
      wrong(
        `${host}:${port} cannot be listened on. ${error.message}`,
        'Set HOST to an address of this machine, and PORT to a free one above 1023.',
      ),
    ];
  }
}

/** What runs may have been started before its settings were changed last. */
async function judgeStart({ host, port }: Scene['config']['http'], { env, unixMs }: Surroundings): Promise<Finding> {
  const startMs = await listenerStartMs(host, port, unixMs());
  const file = envFilePlace(env);
  const changedMs = file === null ? undefined : statSync(file.path, { throwIfNoEntry: false })?.mtimeMs;
  if (startMs === null || changedMs === undefined || changedMs < startMs + startMsMax)
    return ok(`a Parley listens on port ${port}, and is asked what follows.`);
  return warning(
    `the Parley that listens on port ${port} was started before ${file?.path} was changed, and does not know the change.`,
    'Start it again. It is asked what follows.',
  );
}

function judgeAddress({ config }: Scene): Finding[] {
  const { publicUrl, port } = config.http;
  const tunnel = `Open a tunnel, such as cloudflared tunnel --url http://localhost:${port}, and write its https:// address into PUBLIC_URL.`;
  if (publicUrl === null) return [wrong('PUBLIC_URL is not set, so Twilio does not know where Parley is.', tunnel)];
  if (!isPublic(publicUrl)) return [wrong(`${publicUrl} leads Twilio to its own machine.`, tunnel)];
  return [ok(`${publicUrl} has the form of one that Twilio reaches.`)];
}

async function reachOverHttp({ config, gate, world }: Scene): Promise<Finding[]> {
  const nonce = newNonce();
  const { publicUrl, port } = publicParts(config);
  const { status, text } = await askPublic(world.route(`${publicUrl}${identityPath}?nonce=${nonce}`), publicUrl);
  const expected = await gate.answer(nonce);
  if (expected !== null && expected !== '' && text.trim() === expected)
    return [ok(`${publicUrl} leads to this process.`)];
  const tunnel = `Let it lead to port ${port} of this machine, and write its address into PUBLIC_URL.`;
  if (status === 200 && /^[\w-]{43}$/.test(text.trim()))
    return [wrong(`${publicUrl} leads to another Parley than the one on port ${port}.`, tunnel)];
  if (status >= 300 && status < 400)
    return [
      wrong(
        `${publicUrl} redirects (${status}), so the signatures of Twilio would not fit.`,
        'Write the address to which it redirects into PUBLIC_URL.',
      ),
    ];
  if (status === 401 || status === 403)
    return [
      wrong(
        `something in front of ${publicUrl} asks who we are (${status}).`,
        'Switch its password or access rule off for the paths that begin with /twilio: Twilio proves itself by its signature.',
      ),
    ];
  if (status >= 500)
    return [
      wrong(`${publicUrl} answers with ${status}: the tunnel or proxy stands, and does not reach Parley.`, tunnel),
    ];
  return [
    wrong(
      `${publicUrl} answers with ${status}, and not from this process.`,
      `${tunnel} Is another program behind it, or a path rewritten?`,
    ),
  ];
}

async function reachOverSocket({ config, gate, world }: Scene): Promise<Finding[]> {
  const nonce = newNonce();
  const { publicUrl } = publicParts(config);
  const url = world.route(`${socketUrl(publicUrl)}${identityPath}?nonce=${nonce}`);
  const { message, refusal } = await socketExchange(url, {});
  const expected = await gate.answer(nonce);
  if (message !== null && message === expected) return [ok('WebSockets come through.')];
  const why = refusal === null ? 'brought another answer' : `did not open: ${refusal}`;
  return [
    wrong(
      `a WebSocket to ${publicUrl} ${why}. Calls would be silent.`,
      'Switch WebSockets on in the tunnel or proxy: it must pass on Upgrade and Connection (docs/operations.md, Proxies).',
    ),
  ];
}

/** A status callback of a call that rings means nothing to anybody, so that one of a call that there is not does no harm. */
async function tellTwilioApart({ config, world }: Scene): Promise<Finding[]> {
  const { authToken } = config.twilio;
  const { publicUrl } = publicParts(config);
  if (authToken === null) return [skipped('TWILIO_AUTH_TOKEN is not set.')];
  const fields = { CallSid: `CA${'0'.repeat(32)}`, CallStatus: 'ringing' };
  const webhook = async (token: string): Promise<number> => {
    const url = publicUrl + paths.status;
    const headers = { 'x-twilio-signature': signAsTwilio(token, url, fields) };
    const body = new URLSearchParams(fields);
    return (await askPublic(world.route(url), publicUrl, { method: 'POST', headers, body })).status;
  };
  const upgrade = async (token: string): Promise<string | null> => {
    const url = socketUrl(publicUrl) + paths.media;
    return (await socketExchange(world.route(url), { 'x-twilio-signature': signAsTwilio(token, url, {}) })).refusal;
  };
  const restart =
    'Start Parley again if .env has changed, and let the proxy pass on X-Twilio-Signature, path and form as they are.';
  const taken = await webhook(authToken);
  if (taken !== 204) return [wrong(`a webhook with the right signature was refused (${taken}).`, restart)];
  if ((await webhook(`not-${authToken}`)) !== 403)
    return [
      wrong(
        'a webhook with a wrong signature was taken: anybody could pose as Twilio.',
        'Let PUBLIC_URL lead to Parley itself, and start it again with TWILIO_AUTH_TOKEN set.',
      ),
    ];
  const refusal = await upgrade(authToken);
  if (refusal !== null) return [wrong(`a media socket with the right signature was refused: ${refusal}.`, restart)];
  if ((await upgrade(`not-${authToken}`)) === null)
    return [wrong('a media socket with a wrong signature was taken.', 'Let PUBLIC_URL lead to Parley itself.')];
  return [ok('a webhook and a media socket that are signed with TWILIO_AUTH_TOKEN are taken, others are refused.')];
}

function publicParts({ http: { publicUrl, port } }: Scene['config']): { publicUrl: string; port: number } {
  if (publicUrl === null) throw new CheckFailure('PUBLIC_URL is not set.', 'Set it.');
  return { publicUrl, port };
}

function socketUrl(publicUrl: string): string {
  return publicUrl.replace(/^http/, 'ws');
}
