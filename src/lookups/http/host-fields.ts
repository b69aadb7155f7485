import { z } from 'zod';

import { hostRules, parseHost, ruleFor } from './guard/host-rules.ts';

/** Nobody asks more services in one file. */
const hostsMax = 50;

const hostWanted = 'a host such as api.example.com or api.example.com:8443, without https:// and without a path';

const hostText = z
  .string()
  .refine((text) => parseHost(text) !== null, { error: `is no host; it wants ${hostWanted}` })
  .describe(`It wants ${hostWanted}.`);

const host = z.union([
  hostText,
  z.strictObject({
    host: hostText,
    allow_private: z
      .boolean()
      .optional()
      .describe('Whether it may be this machine or one of its network. Such a host may also be asked without https.'),
    allow_http: z.boolean().optional().describe('Whether it may be asked without encryption.'),
  }),
]);

/** The hosts that a tool may reach. */
export const hostFields = z
  .array(host)
  .max(hostsMax)
  .default([])
  .describe('The hosts that may be asked, and redirected to. Others are refused.');

/** Why an address of an entry may not be asked; null when its hosts name it. */
export function hostFault(url: URL, hosts: z.output<typeof hostFields>): string | null {
  const rule = ruleFor(hostRules(hosts), url);
  if (rule === undefined)
    return `leads to ${url.host}, which is not among hosts; add ${url.host} there, if it is meant`;
  if (url.protocol === 'https:' || rule.allowHttp) return null;
  return 'is not encrypted; it wants https://, or allow_http: true at its host, or allow_private: true if that is one of your network';
}
