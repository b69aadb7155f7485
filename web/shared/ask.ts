/** Longer than the slowest search takes. */
const answerMsMax = 30_000;

/** Why a request failed, in words for the page. */
export class AskError extends Error {
  /** Of the answer; 0 when there was none. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Reads data from the server. Throws `AskError`. */
export async function getJson<Data>(path: string): Promise<Data> {
  const data: Data = await (await ask(path, { method: 'GET' })).json();
  return data;
}

/** Sends data to the server and reads what it answers. Throws `AskError`. */
export async function postJson<Data>(path: string, body: object): Promise<Data> {
  const headers = { 'content-type': 'application/json' };
  const data: Data = await (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  return data;
}

/** Why the server refuses something, in words; null when it does not, and when there is no such thing. */
export async function whyRefusedAt(path: string): Promise<string | null> {
  try {
    await (await ask(path, { method: 'GET' })).body?.cancel();
    return null;
  } catch (error) {
    return error instanceof AskError && error.status !== 404 ? error.message : null;
  }
}

async function ask(path: string, request: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(answerMsMax);
  const response = await fetch(path, { ...request, signal }).catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    throw new AskError(
      isLate ? 'Parley took too long to answer. Try again.' : 'Parley does not answer. Does it still run?',
      0,
    );
  });
  // The server shows its log-in page in place of this one.
  if (response.status === 401) location.reload();
  if (response.ok) return response;
  const answer: { error?: unknown } | null = await response.json().catch(() => null);
  const words = typeof answer?.error === 'string' ? answer.error : `Parley answered with status ${response.status}.`;
  throw new AskError(words, response.status);
}
