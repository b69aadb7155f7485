import { type Schema, Type } from '@google/genai/web';
import { isJsonObject, type JsonObject } from '../encoding/json.ts';

/** No tool's arguments are nested deeper, and a definition that holds itself has no end. */
const depthMax = 16;

/** A keyword that the dialect has no word for. */
class Untranslatable extends Error {}

/**
 * Translates a JSON Schema into the dialect in which some models take the parameters of a tool (GM-TOOL-5): definitions stand
 * where they are used, `null` becomes `nullable`, and a limit that the dialect cannot say is left out, since a tool checks its
 * arguments itself. So whatever fits the schema fits the translation. A keyword that carries meaning and cannot be translated
 * is given as `untranslatable`, with its place: `"prefixItems" at size.items`.
 */
export function schemaDialect(schema: JsonObject): { readonly schema: Schema } | { readonly untranslatable: string } {
  try {
    return { schema: new Translation(schema).of(schema, []) };
  } catch (error) {
    if (error instanceof Untranslatable) return { untranslatable: error.message };
    throw error;
  }
}

type Path = readonly string[];

const typesByName: ReadonlyMap<unknown, Type> = new Map([
  ['string', Type.STRING],
  ['number', Type.NUMBER],
  ['integer', Type.INTEGER],
  ['boolean', Type.BOOLEAN],
  ['array', Type.ARRAY],
  ['object', Type.OBJECT],
]);

/** What is said about a schema, whatever it is a schema of. */
const wordKeywords: ReadonlySet<string> = new Set(['description', 'title']);

const numbers: readonly Type[] = [Type.NUMBER, Type.INTEGER];

/** A keyword says nothing about values of other types. */
const typesOf: ReadonlyMap<string, readonly Type[]> = new Map([
  ['minimum', numbers],
  ['maximum', numbers],
  ['minItems', [Type.ARRAY]],
  ['maxItems', [Type.ARRAY]],
  ['items', [Type.ARRAY]],
  ['properties', [Type.OBJECT]],
  ['required', [Type.OBJECT]],
  ['additionalProperties', [Type.OBJECT]],
]);

/** Other formats were refused on other endpoints, and are limits. */
const formatsOf: ReadonlyMap<Type, readonly unknown[]> = new Map([
  [Type.STRING, ['date-time']],
  [Type.INTEGER, ['int32', 'int64']],
  [Type.NUMBER, ['float', 'double']],
]);

class Translation {
  readonly #definitions: unknown;

  constructor({ $defs }: JsonObject) {
    this.#definitions = $defs;
  }

  of(schema: JsonObject, path: Path): Schema {
    if (path.length > depthMax) throw refusal('$ref', path.slice(0, 3));
    const { $defs: _definitions, $ref, anyOf, oneOf, type, ...rest } = schema;
    if ($ref !== undefined) return this.of({ ...this.#definition($ref, path), ...rest }, [...path, '$ref']);
    // What fits exactly one of several schemas fits any of them.
    const choices = anyOf ?? oneOf;
    if (choices !== undefined) {
      const isAlone = type === undefined && (anyOf === undefined || oneOf === undefined);
      const [words, others] = wordsAndOthers(rest);
      if (!isAlone || !Array.isArray(choices) || Object.keys(others).length > 0) {
        throw refusal(anyOf === undefined ? 'oneOf' : 'anyOf', path);
      }
      return { ...this.#anyOf(choices, path), ...words };
    }
    if (Array.isArray(type)) {
      const [words, others] = wordsAndOthers(rest);
      const schemas = type.map((each: unknown) => ({ ...others, type: each }));
      return { ...this.#anyOf(schemas, path), ...words };
    }
    const name = typesByName.get(type);
    if (name === undefined) throw refusal('type', path);
    const translations = Object.entries(rest).map(([keyword, value]) =>
      this.#keyword(keyword, value, rest, name, path),
    );
    return Object.assign({ type: name }, ...translations);
  }

  #anyOf(choices: readonly unknown[], path: Path): Schema {
    const schemas = choices.map((choice) => {
      if (!isJsonObject(choice)) throw refusal('anyOf', path);
      return choice;
    });
    const translations = schemas.filter(({ type }) => type !== 'null').map((schema) => this.of(schema, path));
    const nullable = translations.length < schemas.length ? { nullable: true } : {};
    const [only, ...others] = translations;
    if (only === undefined) throw refusal('type', path);
    return { ...(others.length === 0 ? only : { anyOf: translations }), ...nullable };
  }

  /** One keyword of a schema of one type. */
  #keyword(keyword: string, value: unknown, schema: JsonObject, type: Type, path: Path): Schema {
    if (typesOf.get(keyword)?.includes(type) === false) return {};
    switch (keyword) {
      case 'description':
      case 'title':
      case 'minimum':
      case 'maximum':
        return { [keyword]: value };
      case 'minItems':
      case 'maxItems':
        // A 64-bit integer, which is a text in JSON.
        return { [keyword]: String(value) };
      case 'format':
        // The format of a list of numbers is that it is one.
        if (schema.enum !== undefined) return {};
        return formatsOf.get(type)?.includes(value) === true ? { format: String(value) } : {};
      case 'enum':
        return enumeration(value, type, path);
      case 'items':
        return { items: this.#inner(value, 'items', path) };
      case 'properties':
        return { properties: this.#properties(value, path) };
      case 'required':
        return required(value, schema.properties);
      case 'additionalProperties':
        // Whether there may be others is for the tool to say; of what kind they are cannot be left out.
        if (isJsonObject(value) && Object.keys(value).length > 0) throw refusal(keyword, path);
        return {};
      default:
        throw refusal(keyword, path);
    }
  }

  #properties(value: unknown, path: Path): Record<string, Schema> {
    const properties = isJsonObject(value) ? Object.entries(value) : [];
    return Object.fromEntries(properties.map(([name, each]) => [name, this.#inner(each, name, path)]));
  }

  #inner(value: unknown, name: string, path: Path): Schema {
    if (!isJsonObject(value)) throw refusal('type', [...path, name]);
    return this.of(value, [...path, name]);
  }

  #definition($ref: unknown, path: Path): JsonObject {
    const name = typeof $ref === 'string' && $ref.startsWith('#/$defs/') ? $ref.slice('#/$defs/'.length) : null;
    const definition = name !== null && isJsonObject(this.#definitions) ? this.#definitions[name] : null;
    if (!isJsonObject(definition)) throw refusal('$ref', path);
    return definition;
  }
}

function wordsAndOthers(schema: JsonObject): [words: JsonObject, others: JsonObject] {
  const entries = Object.entries(schema);
  const words = entries.filter(([keyword]) => wordKeywords.has(keyword));
  const others = entries.filter(([keyword]) => !wordKeywords.has(keyword));
  return [Object.fromEntries(words), Object.fromEntries(others)];
}

/** An empty list ended sessions with 1008, and the name of no property may do so too (GM-TOOL-5). */
function required(value: unknown, properties: unknown): Schema {
  const names = Array.isArray(value) ? value.map(String) : [];
  const known = names.filter((name) => isJsonObject(properties) && Object.hasOwn(properties, name));
  return known.length === 0 ? {} : { required: known };
}

/** The dialect lists numbers as texts, too, and marks them. */
function enumeration(value: unknown, type: Type, path: Path): Schema {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const isNumber = numbers.includes(type);
  if (!isNumber && type !== Type.STRING) throw refusal('enum', path);
  const own = values.filter((each) => typeof each === (isNumber ? 'number' : 'string')).map(String);
  if (own.length === 0) throw refusal('enum', path);
  return isNumber ? { format: 'enum', enum: own } : { enum: own };
}

function refusal(keyword: string, path: Path): Untranslatable {
  const place = path.filter((step) => step !== '$ref').join('.');
  return new Untranslatable(place === '' ? `"${keyword}"` : `"${keyword}" at ${place}`);
}
