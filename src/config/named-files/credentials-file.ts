import { z } from 'zod';
import { jsonProblems } from '../model/json-problems.ts';

const text = z.string({ error: 'wants a text' }).min(1, { error: 'wants a text' });
const types = ['service_account', 'external_account', 'impersonated_service_account', 'authorized_user'] as const;

const credentials = z.looseObject({ type: z.enum(types, { error: `wants one of ${types.join(', ')}` }) });
const serviceAccount = z.looseObject({ client_email: text, private_key: text });

/** What is wrong with a file of credentials, without any of its values; whether Google takes it shows at the first sign-in. */
export function credentialsProblems(json: string): string[] {
  const read = jsonProblems(json, credentials);
  if ('problems' in read) return read.problems;
  if (read.value.type !== 'service_account') return [];
  const account = jsonProblems(json, serviceAccount);
  return 'problems' in account ? account.problems : [];
}
