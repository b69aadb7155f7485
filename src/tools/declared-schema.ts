/** The JSON schema keywords that Gemini documents. One keyword that it does not know fails every session (GM-SETUP-2). */
const acceptedKeywords: ReadonlySet<string> = new Set([
  '$defs',
  '$ref',
  'additionalProperties',
  'anyOf',
  'description',
  'enum',
  'format',
  'items',
  'maximum',
  'maxItems',
  'minimum',
  'minItems',
  'oneOf',
  'prefixItems',
  'properties',
  'required',
  'title',
  'type',
]);

/** Keywords whose value holds schemas by name, so that what stands in it are names and no keywords. */
const byName: ReadonlySet<string> = new Set(['$defs', 'properties']);

/** Nobody's arguments are nested deeper, and a schema that refers to itself by hand would be walked for ever. */
const depthMax = 20;

type Schema = Readonly<Record<string, unknown>>;

/**
 * A JSON schema with the keywords that Gemini accepts. What it cannot read, such as the length of a text, is left out and must be checked when
 * the tool runs. Throws a RangeError for a schema that is nested too deeply.
 */
export function declaredSchema(schema: Schema): Schema {
  return withoutForeign(schema, 0);
}

function withoutForeign(schema: Schema, depth: number): Schema {
  if (depth > depthMax) throw new RangeError(`It is nested more than ${depthMax} levels deep.`);
  const entries = Object.entries(translated(schema))
    .filter(([keyword, value]) => acceptedKeywords.has(keyword) && !saysNothing(keyword, value))
    .map(([keyword, value]): [string, unknown] => [
      keyword,
      byName.has(keyword) && isSchema(value)
        ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one, depth)]))
        : insideOf(keyword, value, depth),
    ]);
  return Object.fromEntries(entries);
}

/** An empty list ends the session. That there are no further properties is what a model takes for granted, and some models do not know the word. */
function saysNothing(keyword: string, value: unknown): boolean {
  return (
    (Array.isArray(value) && value.length === 0) || (keyword === 'additionalProperties' && typeof value === 'boolean')
  );
}

function insideOf(keyword: string, value: unknown, depth: number): unknown {
  // Values are no schemas, whatever they look like.
  if (keyword === 'enum' || keyword === 'required' || keyword === 'type') return value;
  if (keyword === '$ref') return String(value).replace(/^#\/definitions\//, '#/$defs/');
  return Array.isArray(value) ? value.map((one: unknown) => inside(one, depth)) : inside(value, depth);
}

function inside(value: unknown, depth: number): unknown {
  return isSchema(value) ? withoutForeign(value, depth + 1) : value;
}

/** What older or other dialects say in words that Gemini does not know, in those that it does. */
function translated(schema: Schema): Schema {
  const { const: only, definitions, allOf, ...rest } = schema;
  const parts = Array.isArray(allOf) ? allOf.filter(isSchema) : [];
  return {
    // One part is a description around a reference, as many generators write it. More of them cannot be told to Gemini.
    ...(parts.length === 1 ? parts[0] : {}),
    ...rest,
    ...(only === undefined ? {} : { enum: [only] }),
    ...(definitions === undefined ? {} : { $defs: definitions }),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
