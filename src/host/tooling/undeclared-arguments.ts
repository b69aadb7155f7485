import { isJsonObject } from '../../encoding/json.ts';

/**
 * The arguments that the schema of a tool does not name, such as `note` or `guest.note`. A tool passes over them, so that calls which differ in
 * nothing else do the very same.
 */
export function undeclaredArguments(schema: unknown, value: unknown, path: readonly string[] = []): string[] {
  if (!isJsonObject(schema)) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => undeclaredArguments(schema['items'], item, path));
  const { properties } = schema;
  if (!isJsonObject(value) || !isJsonObject(properties)) return [];
  const isOpen = openKeywords.some((keyword) => keyword in schema);
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = [...path, name];
    if (Object.hasOwn(properties, name)) return undeclaredArguments(properties[name], member, inner);
    return isOpen ? [] : [inner.join('.')];
  });
}

/** Keywords by which an object may have more members than `properties` names. */
const openKeywords = ['additionalProperties', 'anyOf', 'oneOf', '$ref'];
