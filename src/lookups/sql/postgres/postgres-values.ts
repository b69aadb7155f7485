import pg from 'pg';

import { spokenBytes, spokenMoment, spokenTruth } from '../spoken-value.ts';

const { types } = pg;

/** The types of an array's items, by the type of the array. */
const itemTypes: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1115, 1114],
  [1182, 1082],
  [1183, 1083],
  [1185, 1184],
  [1231, 1700],
  [2951, 2950],
]);

/** How values are said whose text is not what one says, by the OID of their type. */
const speakers: ReadonlyMap<number, (text: string) => string> = new Map<number, (text: string) => string>([
  [types.builtins.BOOL, (text) => spokenTruth(text === 't')],
  [types.builtins.BYTEA, (text) => spokenBytes((text.length - '\\x'.length) / 2)],
  [types.builtins.BPCHAR, (text) => text.trimEnd()],
  [types.builtins.DATE, spokenMoment],
  [types.builtins.TIME, spokenMoment],
  [types.builtins.TIMETZ, spokenMoment],
  [types.builtins.TIMESTAMP, spokenMoment],
  [types.builtins.TIMESTAMPTZ, spokenMoment],
]);

/** What PostgreSQL writes of a value, as one says it. `type` is the OID of its type. Null stays null. */
export function spokenPgValue(type: number, text: string | null): string | null {
  if (text === null) return null;
  const itemType = itemTypes.get(type);
  return itemType === undefined ? (speakers.get(type)?.(text) ?? text) : spokenItems(itemType, text);
}

/** An array is written `{one,"the other",NULL}`, with braces inside when it has several dimensions. */
function spokenItems(type: number, text: string): string {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^{},"]+)/g)]
    .filter(([, , bare]) => bare !== 'NULL')
    .map(([, quoted, bare]) => spokenPgValue(type, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? ''))
    .join(', ');
}
