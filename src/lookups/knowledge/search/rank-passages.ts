/** The stems of a passage: those of its headings, of its text, and of the passages around it. */
export interface PassageStems {
  readonly heading: readonly string[];
  readonly body: readonly string[];
  readonly near: readonly string[];
}

/** A word of the question in all forms that count as it, and how much it tells. */
export interface AskedStem {
  readonly forms: readonly string[];
  readonly weight: number;
}

/**
 * How much a word of each part counts. Found with the questions for development of `npm run eval:knowledge`; between half and double of
 * these it makes little difference, but without headings, or without what stands around, fewer passages are found.
 */
const partWeights = { heading: 2, body: 1, near: 0.2 };

/** How soon more of the same word tells no more, and how much a long passage is held against it: usual values of BM25. */
const saturation = 1.2;
const lengthShare = 0.5;

/** The weighed stems of a passage of the usual length. */
const usualLength = 120;

/**
 * Scores passages by the words that they share with a question, in all their parts together (BM25F, Robertson and Zaragoza 2009). The
 * bm25 of SQLite knows nothing of what stands around a passage: with it alone, a sixth fewer passages are found.
 */
export function scorePassages(passages: readonly PassageStems[], asked: readonly AskedStem[]): number[] {
  return passages.map((passage) => {
    const counts = weighedCounts(passage);
    const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const ballast = saturation * (1 - lengthShare + (lengthShare * length) / usualLength);
    return asked.reduce((score, { forms, weight }) => {
      const count = forms.reduce((most, form) => Math.max(most, counts.get(form) ?? 0), 0);
      return score + (weight * count * (saturation + 1)) / (count + ballast);
    }, 0);
  });
}

/** Which share of a question a passage holds itself, its words weighed by how much they tell. */
export function coverageOf({ heading, body }: PassageStems, asked: readonly AskedStem[]): number {
  const held = new Set([...heading, ...body]);
  const weigh = (stems: readonly AskedStem[]): number => stems.reduce((sum, { weight }) => sum + weight, 0);
  return weigh(asked.filter(({ forms }) => forms.some((form) => held.has(form)))) / weigh(asked);
}

function weighedCounts(parts: PassageStems): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (stems: readonly string[], weight: number): void => {
    for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + weight);
  };
  add(parts.heading, partWeights.heading);
  add(parts.body, partWeights.body);
  add(parts.near, partWeights.near);
  return counts;
}
