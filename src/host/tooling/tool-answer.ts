import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import { jsonShape, toldLevelsMax } from '../../encoding/json.ts';

/** Some minutes of speech: nobody wants to hear more read out, and every later turn of the call is billed with it (GM-USAGE-1). */
const answerCharactersMax = 16_000;

/** Texts are cut to this length at first, then to half of it, and so on down to the last. Shorter ones are no sentences any more. */
const textCharacters = { first: 8_000, last: 100 };

const cutMark = '… (There is more, which is left out.)';

/** Why an answer cannot be sent. */
class UnfitAnswer extends Error {
  override readonly name = 'UnfitAnswer';
}

/**
 * The answer of a tool as it can be sent to the model: its longest texts are cut when it is too long. Throws when JSON cannot express it,
 * when it nests too deeply, and when it is long without long texts, since half of a table says something else than the whole.
 */
export function fitAnswer(response: ToolResponse): ToolResponse {
  // What JSON cannot express would throw where it is sent, and end the call.
  const text = JSON.stringify(response);
  const { levels } = jsonShape(text);
  if (levels > toldLevelsMax) throw new UnfitAnswer(`The answer nests ${levels} levels deep.`);
  if (text.length <= answerCharactersMax) return response;
  for (let max = textCharacters.first; max >= textCharacters.last; max /= 2) {
    const cut: ToolResponse = Object.fromEntries(
      Object.entries(response).map(([name, value]) => [name, shortened(value, max)]),
    );
    if (JSON.stringify(cut).length <= answerCharactersMax) return cut;
  }
  throw new UnfitAnswer(`The answer has ${text.length} characters.`);
}

function shortened(value: unknown, max: number): unknown {
  if (typeof value === 'string') return value.length <= max ? value : `${value.slice(0, max)}${cutMark}`;
  if (Array.isArray(value)) return value.map((each) => shortened(each, max));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each, max)]));
}
