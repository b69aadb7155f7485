import { isJsonObject } from '../../../encoding/json.ts';
import type { Setup } from './setup-message.ts';
import { declarations } from './setup-rules.ts';

/** What a setup lets an argument of a function be, in whichever dialect it declares it; null where there is no such function. */
export function declaredChoices(setup: Setup, name: string, argument: string): readonly string[] | null {
  const found = declarations(setup).find((one) => one.name === name);
  if (found === undefined) return null;
  const choices = member(found.parametersJsonSchema ?? found.parameters, ['properties', argument, 'enum']);
  return Array.isArray(choices) ? choices.map(String) : [];
}

function member(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return isJsonObject(value) ? member(value[key], rest) : undefined;
}
