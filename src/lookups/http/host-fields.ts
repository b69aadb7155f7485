import { z } from 'zod';

import { parseHost } from './guard/host-rules.ts';

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
