import { z } from 'zod';

import { hostFields } from '../http/host-fields.ts';
import type { KindFields } from '../kind-fields.ts';
import { optionFields } from './entry-options.ts';
import { ownNames } from './tool-entry.ts';

/** The JSON schema of the tools file, by which editors complete and check it. Made of the same rules by which the file is read. */
export function toolsFileSchema(kinds: Readonly<Record<string, KindFields>>): object {
  const entries = Object.entries(kinds).map(([name, kind]) => entryForm(name, kind));
  const file = z.strictObject({
    $schema: z.string().optional().describe('Where this schema is, for editors.'),
    hosts: hostFields.describe('The hosts that every tool of the file may ask, and be redirected to.'),
    tools: z.record(z.string(), z.union(entries)).describe('The tools that the model may call, by name.'),
  });
  return {
    title: 'Tools of Parley',
    ...z.toJSONSchema(file, {
      io: 'input',
      target: 'draft-7',
    }),
  };
}

function entryForm(name: string, kind: KindFields): z.ZodObject {
  const { description, ...others } = optionFields;
  const own = ownNames(kind).map((member) => [member, kind.fields.shape[member]] as const);
  return z.strictObject({
    kind: z.literal(name),
    ...(kind.takesOptions
      ? { description: kind.describesItself ? description.optional() : description, ...others }
      : {}),
    ...Object.fromEntries(own),
  });
}
