import { type Backend, judgeModel, modelIds } from '../../gemini/models.ts';
import { nearestName } from '../misspelt.ts';

/** What is said of a model that nobody knows, as the rest of a sentence that begins with its setting; null of any other. */
export function unknownModel(id: string, backend: Backend): string | null {
  if (judgeModel(id, backend).kind !== 'unknown') return null;
  const near = nearestName(id, modelIds(backend));
  // Another number is another version, which Google may have brought since.
  if (near === null || withoutDigits(near) === withoutDigits(id))
    return `is "${id}", which Parley does not know: it is treated like gemini-3.8-live.`;
  return `is "${id}", which Parley does not know and treats like gemini-3.8-live; did you mean ${near}?`;
}

function withoutDigits(id: string): string {
  return id.replaceAll(/[\d.]/g, '');
}
