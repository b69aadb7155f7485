import { z } from 'zod';
import { agentFields } from './agent-fields.ts';

/** More names than anybody can keep apart, and than a label of the metrics should have. */
export const agentsMax = 100;

type Schema = z.core.JSONSchema.BaseSchema;

/** In the place of any value. */
const fileForm: Schema = {
  type: 'object',
  description:
    'The value stands in this file. One that ends in .yaml, .yml or .json holds a value of any form, and any other a text.',
  properties: { file: { type: 'string', description: 'A path; one that is relative counts from this file.' } },
  required: ['file'],
  additionalProperties: false,
};

/** The JSON schema of the agents file, by which editors complete and check it. Made of the same rules by which the file is read. */
export function agentsFileSchema(): object {
  const file = z.strictObject({
    $schema: z.string().optional().describe('Where this schema is, for editors.'),
    agents: z
      .record(z.string(), agentFields(null))
      .describe('The agents, by the name under which logs and pages know them.'),
  });
  const schema = z.toJSONSchema(file, { io: 'input', target: 'draft-7' });
  return { title: 'Agents of Parley', definitions: { file: fileForm }, ...withFiles(schema, 0) };
}

/** Lets a file stand for every value but the outermost. */
function withFiles(schema: Schema, level: number): Schema {
  const members = Object.entries(schema.properties ?? {});
  const { additionalProperties: others, description, items, anyOf, ...rest } = schema;
  const inner: Schema = {
    ...rest,
    ...(anyOf === undefined ? {} : { anyOf }),
    ...(members.length === 0
      ? {}
      : {
          properties: Object.fromEntries(
            members.map(([name, one]) => [
              name,
              name === '$schema' || typeof one === 'boolean' ? one : withFiles(one, level + 1),
            ]),
          ),
        }),
    ...(typeof others === 'object' ? { additionalProperties: withFiles(others, level + 1) } : {}),
    ...(typeof others === 'boolean' ? { additionalProperties: others } : {}),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: withFiles(items, level + 1) } : {}),
  };
  const words = description === undefined ? {} : { description };
  return level === 0 ? inner : { ...words, anyOf: [inner, { $ref: '#/definitions/file' }] };
}
