import { hostRules } from '../../lookups/http/guard/host-rules.ts';
import { toolMsMax } from '../../tools/tool.ts';

/** A document that a tool reads as a whole. */
const answerBytesMax = 10_000_000;

/**
 * The `fetch` of tools in code: any public host with https, and of this machine and its network those that are named. Its library is loaded
 * when it is used for the first time.
 */
export function toolFetch(privateHosts: readonly string[]): typeof fetch {
  let limited: Promise<typeof fetch> | null = null;
  const load = async (): Promise<typeof fetch> => {
    const { createLimitedFetch } = await import('../../lookups/http/limited-fetch.ts');
    return createLimitedFetch({
      hosts: hostRules(privateHosts.map((host) => ({ host, allow_private: true }))),
      othersAllowed: true,
      timeMsMax: toolMsMax,
      bytesMax: answerBytesMax,
    }).fetch;
  };
  return async (input, init) => {
    limited ??= load();
    return (await limited)(input, init);
  };
}
