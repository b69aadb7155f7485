import { type Agent, fetch as undiciFetch } from 'undici';

import { ParleyError } from '../../errors.ts';
import { cappedBody } from './guard/capped-body.ts';
import { canonicalHost, type HostRule, literalAddress, ruleFor } from './guard/host-rules.ts';
import { addressRefusal, createPinnedAgent, type Resolve } from './guard/pinned-agent.ts';

/** What requests of tools are held to. */
export interface FetchLimits {
  /** Hosts that are named, each with what is excused for it. */
  readonly hosts: readonly HostRule[];
  /** Whether hosts that are not named may be reached too: encrypted, and at public addresses only. */
  readonly othersAllowed: boolean;
  /** From the request to the last byte of the answer. */
  readonly timeMsMax: number;
  /** Of an answer, packed and unpacked. */
  readonly bytesMax: number;
  /** Instead of the resolver of the system. */
  readonly resolve?: Resolve;
}

/** A `fetch` within limits. */
export interface LimitedFetch {
  readonly fetch: typeof fetch;
  /** Lets go of idle connections. */
  readonly close: () => Promise<void>;
}

/** One that knows how far a request has come that failed. */
interface AccountableFetch extends LimitedFetch {
  /**
   * Whether a server had answered when `fetch` threw this, if only with a redirect: what it was sent it may have done, whatever kept the
   * rest of the way from being gone.
   */
  readonly hadAnswer: (error: unknown) => boolean;
}

/** An honest service needs one or two. */
const redirectsMax = 3;

/** No tool sends more than a form. */
const requestBytesMax = 1_000_000;

/** They describe the connection, which is not the caller's to describe. */
const connectionHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

/** What may be told to another host than the one that was meant: nothing that could be a secret. */
const harmlessHeaders: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent']);

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Makes a `fetch` that reaches only what the limits name, however an address is written, resolved or redirected. It keeps no cookies and
 * asks no proxy. Throws `fetch.refused` for an address that may not be reached and `fetch.tooLarge` for an answer that is too long, which
 * may also come while its body is read; a `TimeoutError` when the time is over; and what `fetch` throws.
 */
export function createLimitedFetch(limits: FetchLimits): AccountableFetch {
  const { hosts, timeMsMax, bytesMax, resolve } = limits;
  const mayBePrivate = (url: URL): boolean => ruleFor(hosts, url)?.allowPrivate === true;
  const agent = createPinnedAgent(mayBePrivate, { bytesMax, ...(resolve === undefined ? {} : { resolve }) });
  const thrownLate = new WeakSet<object>();
  return {
    fetch: async (input, init) => {
      checkedUrl(typeof input === 'object' && 'url' in input ? input.url : String(input), limits);
      const request = new Request(input, init);
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeMsMax)]);
      const first = await firstHop(request, limits);
      let hasAnswer = false;
      const onAnswer = (): void => {
        hasAnswer = true;
      };
      try {
        return await follow(first, { agent, limits, signal, redirect: request.redirect, onAnswer });
      } catch (error) {
        if (hasAnswer && error instanceof Error) thrownLate.add(error);
        throw error;
      }
    },
    hadAnswer: (error) => error instanceof Error && thrownLate.has(error),
    close: async () => agent.destroy(),
  };
}

/** One request on the way to an answer. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer | null;
}

interface Means {
  readonly agent: Agent;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
  readonly redirect: Request['redirect'];
  readonly onAnswer: () => void;
}

async function firstHop(request: Request, limits: FetchLimits): Promise<Hop> {
  const headers = new Headers(request.headers);
  for (const name of connectionHeaders) headers.delete(name);
  const body = request.body === null ? null : await request.arrayBuffer();
  if (body !== null && body.byteLength > requestBytesMax) {
    throw new ParleyError('fetch.tooLarge', `A tool may send ${requestBytesMax} bytes, not ${body.byteLength}.`);
  }
  return { url: checkedUrl(request.url, limits), method: request.method, headers, body };
}

async function follow(first: Hop, means: Means): Promise<Response> {
  let hop = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(hop, means);
    means.onAnswer();
    const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null;
    if (location === null || means.redirect === 'manual') return answerOf(response, hop, redirects, means.limits);
    await response.body?.cancel();
    if (means.redirect === 'error') throw refusal(hop.url, 'redirects, and the request forbids that');
    if (redirects === redirectsMax) throw refusal(hop.url, `redirects more than ${redirectsMax} times`);
    hop = nextHop(hop, response.status, location, means.limits);
  }
}

type Answer = Awaited<ReturnType<typeof undiciFetch>>;

async function send({ url, method, headers, body }: Hop, { agent, signal }: Means): Promise<Answer> {
  try {
    return await undiciFetch(url.href, {
      method,
      headers: [...headers],
      body,
      redirect: 'manual',
      signal,
      dispatcher: agent,
    });
  } catch (error) {
    // Whatever fails below a fetch is wrapped, our own refusals too.
    if (error instanceof TypeError && error.cause instanceof ParleyError) throw error.cause;
    throw error;
  }
}

function nextHop(hop: Hop, status: number, location: string, limits: FetchLimits): Hop {
  const target = URL.parse(location, hop.url.href);
  if (target === null) throw refusal(hop.url, 'redirects to no address');
  const url = checkedUrl(target.href, limits);
  if (url.protocol === 'http:' && hop.url.protocol === 'https:') {
    throw refusal(hop.url, 'redirects to an address without encryption');
  }
  const staysWhole = status >= 307 || hop.method === 'GET' || hop.method === 'HEAD';
  const isElsewhere = url.origin !== hop.url.origin;
  if (isElsewhere && staysWhole && hop.body !== null) throw refusal(hop.url, 'redirects what was sent to another host');
  const headers = new Headers(hop.headers);
  for (const name of hop.headers.keys()) {
    const describesBody = name.startsWith('content-');
    if (describesBody ? !staysWhole : isElsewhere && !harmlessHeaders.has(name)) headers.delete(name);
  }
  return staysWhole ? { ...hop, url, headers } : { url, method: 'GET', headers, body: null };
}

/** The answer with a body that ends where the limit is. */
function answerOf(response: Answer, { url }: Hop, redirects: number, { bytesMax }: FetchLimits): Response {
  const { status, statusText, body } = response;
  const capped = body === null ? null : cappedBody(body, bytesMax, canonicalHost(url));
  const answer = new Response(capped, { status, statusText, headers: [...response.headers] });
  return Object.defineProperties(answer, { url: { value: url.href }, redirected: { value: redirects > 0 } });
}

/** The address as it will be asked for. Throws `fetch.refused` when the limits do not let it through. */
function checkedUrl(text: string, { hosts, othersAllowed }: FetchLimits): URL {
  const url = URL.parse(text);
  if (url === null) throw new ParleyError('fetch.refused', 'A tool asked for what is no address.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal(url, `is no address of the web`);
  if (url.username !== '' || url.password !== '') throw refusal(url, 'comes with a user name or password');
  const rule = ruleFor(hosts, url);
  if (rule === undefined && !othersAllowed) throw refusal(url, 'is not among the hosts that are allowed');
  if (url.protocol === 'http:' && rule?.allowHttp !== true) throw refusal(url, 'would be reached without encryption');
  const host = canonicalHost(url);
  const address = literalAddress(host);
  const refused = address === null ? null : addressRefusal(host, [address], rule?.allowPrivate === true);
  if (refused !== null) throw refused;
  url.hostname = host;
  return url;
}

/** Never with the path or query, which may hold what the caller said, or a secret. */
function refusal(url: URL, why: string): ParleyError {
  return new ParleyError('fetch.refused', `${url.host === '' ? url.protocol : url.host} ${why}.`);
}
