import { webSocketConnect } from '../../system/web-socket/web-socket.ts';
import { CheckFailure } from './check-failure.ts';

/** A tunnel that is well answers in a second. */
const exchangeMsMax = 8_000;

/** What is asked for is short; a page of a stranger is cut. */
const charactersMax = 1_000;

/** What a socket answers; `refusal` says why it did not open, and is null when it did. */
interface SocketAnswer {
  readonly message: string | null;
  readonly refusal: string | null;
}

/** What a request brought, or the code of why it brought nothing, such as `ECONNREFUSED`. */
type Answered =
  | { readonly status: number; readonly text: string; readonly date: string | null }
  | { readonly failure: string };

interface HttpOrder {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: URLSearchParams;
}

/** One request, redirects not followed. Of what a stranger answers, the beginning is read. */
export async function ask(url: string, order: HttpOrder = {}): Promise<Answered> {
  try {
    const response = await fetch(url, { ...order, redirect: 'manual', signal: AbortSignal.timeout(exchangeMsMax) });
    return { status: response.status, text: await beginning(response), date: response.headers.get('date') };
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

/** The same for a public address. Throws a CheckFailure that says what is wrong with the way to `origin`. */
export async function askPublic(
  url: string,
  origin: string,
  order: HttpOrder = {},
): Promise<Exclude<Answered, { readonly failure: string }>> {
  const answer = await ask(url, order);
  if ('failure' in answer)
    throw new CheckFailure(`${origin} cannot be reached: ${answer.failure}.`, adviceFor(answer.failure));
  return answer;
}

async function beginning({ body }: Response): Promise<string> {
  let text = '';
  if (body === null) return text;
  // To leave the loop cancels the body.
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length > charactersMax) break;
  }
  return text.slice(0, charactersMax);
}

/** Opens a socket and waits for its first message, or its end. */
export function socketExchange(url: string, headers: Record<string, string>): Promise<SocketAnswer> {
  return new Promise((resolve) => {
    let refusal: string | null = 'no answer in time';
    let timer: NodeJS.Timeout | undefined;
    const done = (message: string | null): void => {
      clearTimeout(timer);
      resolve({ message, refusal });
      socket.terminate();
    };
    const socket = webSocketConnect(charactersMax)(url, headers, {
      onOpen: () => {
        refusal = null;
        // Whoever takes a media socket says nothing at first.
        clearTimeout(timer);
        timer = setTimeout(() => done(null), quietMsMax);
      },
      onMessage: (text) => done(text),
      onError: (error) => {
        if (refusal !== null) refusal = error.message;
      },
      onFrameTooLong: () => {},
      onClose: () => done(null),
    });
    timer = setTimeout(() => done(null), exchangeMsMax);
  });
}

/** How long an open socket may be silent. */
const quietMsMax = 1_500;

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'no answer in time' : 'the connection broke';
}

function adviceFor(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'Start the tunnel, and compare its address with PUBLIC_URL: most tunnels get a new name at each start.';
  if (code.includes('CERT') || code.includes('SSL') || code.includes('SELF_SIGNED'))
    return 'Give it a certificate that the public trusts and whose name fits: Twilio refuses every other.';
  if (code === 'ECONNREFUSED') return 'Start the tunnel or proxy behind this address.';
  return 'Start the tunnel or proxy, and let it pass on to Parley what comes.';
}
