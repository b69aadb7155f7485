import { isJsonObject } from '../../encoding/json.ts';
import type { Tool } from '../../tools/tool.ts';

/** What a person reads who asks which tools there are: each with its parameters. `searches` are those that the model carries out by itself. */
export function toolList(tools: Iterable<Tool>, searches: readonly string[]): string {
  return [...[...tools].map(toolLines), ...searches.map(searchLines)].join('\n');
}

function searchLines(name: string): string {
  return `${name} (Google Search)\n  The model searches the web by itself; there is nothing to run here.\n`;
}

function toolLines({ name, description, effect, confirm, parameters }: Tool): string {
  const kind = effect === 'read' ? '' : ` (${effect}${confirm ? ', asks first' : ''})`;
  const { properties, required } = parameters;
  const fields = isJsonObject(properties) ? Object.entries(properties) : [];
  const wanted = Array.isArray(required) ? required : [];
  const lines = fields.map(([field, schema]) => {
    const must = wanted.includes(field) ? '' : ', optional';
    const words = isJsonObject(schema) && typeof schema.description === 'string' ? `. ${schema.description}` : '';
    return `    ${field}: ${formOf(schema)}${must}${words}\n`;
  });
  return `${name}${kind}\n  ${description}\n${lines.join('')}`;
}

function formOf(schema: unknown): string {
  if (!isJsonObject(schema)) return 'anything';
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  return typeof schema.type === 'string' ? schema.type : JSON.stringify(schema);
}
