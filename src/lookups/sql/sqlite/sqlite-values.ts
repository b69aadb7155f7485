import type { SQLOutputValue } from 'node:sqlite';

import { spokenBytes, spokenMoment, spokenTruth } from '../spoken-value.ts';

/** What SQLite holds, as one says it. It knows no dates and no truth, so the type with which a column was declared tells. */
export function spokenSqliteValue(declaredType: string | null, value: SQLOutputValue): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return spokenBytes(value.byteLength);
  const type = declaredType?.toLowerCase() ?? '';
  if (type.startsWith('bool') && /^[01]$/.test(String(value))) return spokenTruth(String(value) === '1');
  if (/^(?:date|time)/.test(type) && typeof value === 'string') return spokenMoment(value);
  return String(value);
}
