import type { ServerResponse } from 'node:http';
import { type Asked, type ServiceHost, startService } from '../../service-host.ts';

/** The server of an admin that knows the callers, on a real socket. */
export interface ContextServerHandle extends Pick<ServiceHost, 'asked'> {
  readonly url: string;
}

/** Starts one that answers as `answer` does; it ends with the test. */
export async function startContextServer(
  { onTestFinished }: { readonly onTestFinished: (close: () => void) => void },
  answer: (response: ServerResponse, asked: Asked) => void,
): Promise<ContextServerHandle> {
  const { port, asked, close } = await startService((one, response) => answer(response, one));
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/about?key=url-secret`, asked };
}
