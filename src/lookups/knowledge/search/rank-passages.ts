/** The stems of a passage: those of its headings, of its text, of the passages beside it, and of those one further. */
export interface PassageStems {
  readonly heading: readonly string[];
  readonly body: readonly string[];
  readonly beside: readonly string[];
  readonly further: readonly string[];
}

/** A word of the question in all forms that count as it, and how much it tells. */
export interface AskedStem {
  readonly forms: readonly string[];
  readonly weight: number;
}

/** Two words that follow each other in a question. */
type AskedPair = readonly [AskedStem, AskedStem];

/** What is asked of passages. */
interface AskedWords {
  readonly stems: readonly AskedStem[];
  readonly pairs: readonly AskedPair[];
  /** How many passages there are. */
  readonly total: number;
}

/**
 * How much a word of each part counts. What a passage speaks of is often named in the passages around it alone, less surely with each step.
 * Found with the questions for development of `npm run eval:knowledge`: half more or less of one of these makes little difference, but
 * without headings, or without what stands around, fewer passages are found.
 */
const partWeights = { heading: 2, body: 1, beside: 0.2, further: 0.1 };

/** How soon more of the same word tells no more, and how much a long passage is held against it: usual values of BM25. */
const saturation = 1.2;
const lengthShare = 0.75;

/** The weighed stems of a passage of the usual length. Between 100 and 150 the same passages are found. */
const usualLength = 120;

/** Words that follow each other in a question belong together in a text if not more than a few stand between them. */
const pairDistanceMax = 5;

/**
 * What two words close together tell beside what each of them tells, since a thing often has a name of two words, or one with a point or a
 * slash in it. Less than half of what the rarity of the pair says, for a part of it is that of its words, which are counted already.
 * Between a fifth and a half it makes little difference.
 */
const pairShare = 0.4;

/** How much it tells that a passage has what so many of all passages have (the inverse document frequency of BM25). */
export function rarity(count: number, total: number): number {
  return Math.log(1 + (total - count + 0.5) / (count + 0.5));
}

/** The pairs of a question, whose words are given in the order in which they were said. */
export function askedPairs(said: readonly (readonly string[])[], stems: readonly AskedStem[]): AskedPair[] {
  const pairs = new Map<string, AskedPair>();
  const stemOf = (forms: readonly string[] = []): AskedStem | undefined => {
    const [first] = forms;
    return stems.find((stem) => stem.forms[0] === first);
  };
  for (const [index, forms] of said.entries()) {
    const [one, other] = [stemOf(forms), stemOf(said[index + 1])];
    if (one === undefined || other === undefined || one === other) continue;
    pairs.set(`${one.forms[0]} ${other.forms[0]}`, [one, other]);
  }
  return [...pairs.values()];
}

/**
 * Scores passages by the words that they share with a question, in all their parts together (BM25F, Robertson and Zaragoza 2009), and by
 * those that stand together in both. The bm25 of SQLite knows nothing of what stands around a passage, and not how close words are.
 */
export function scorePassages(passages: readonly PassageStems[], { stems, pairs, total }: AskedWords): number[] {
  const sought = new Set(stems.flatMap(({ forms }) => forms));
  const scores = passages.map((passage) => scoreOfWords(passage, stems, sought));
  const places = passages.map((passage) => placesOf(passage, sought));
  for (const pair of pairs) {
    const holders = [...places.keys()].filter((index) => isClose(pair, places[index]));
    // The passages are those that share most with the question: hardly any other has the pair.
    const gain = pairShare * rarity(holders.length, total);
    for (const index of holders) scores[index] = (scores[index] ?? 0) + gain;
  }
  return scores;
}

/** Which share of a question a passage holds itself, its words weighed by how much they tell. */
export function coverageOf({ heading, body }: PassageStems, asked: readonly AskedStem[]): number {
  const held = new Set([...heading, ...body]);
  const weigh = (stems: readonly AskedStem[]): number => stems.reduce((sum, { weight }) => sum + weight, 0);
  return weigh(asked.filter(({ forms }) => forms.some((form) => held.has(form)))) / weigh(asked);
}

function scoreOfWords(passage: PassageStems, asked: readonly AskedStem[], sought: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  let length = 0;
  const add = (stems: readonly string[], weight: number): void => {
    length += stems.length * weight;
    for (const stem of stems) if (sought.has(stem)) counts.set(stem, (counts.get(stem) ?? 0) + weight);
  };
  add(passage.heading, partWeights.heading);
  add(passage.body, partWeights.body);
  add(passage.beside, partWeights.beside);
  add(passage.further, partWeights.further);
  const ballast = saturation * (1 - lengthShare + (lengthShare * length) / usualLength);
  return asked.reduce((score, { forms, weight }) => {
    const count = forms.reduce((most, form) => Math.max(most, counts.get(form) ?? 0), 0);
    return score + (weight * count * (saturation + 1)) / (count + ballast);
  }, 0);
}

/** Where each stem stands in the text of a passage. A pair in a heading would lift all that stands below it alike. */
type Places = ReadonlyMap<string, readonly number[]>;

function placesOf({ body }: PassageStems, sought: ReadonlySet<string>): Places {
  const places = new Map<string, number[]>();
  for (const [place, stem] of body.entries()) {
    if (!sought.has(stem)) continue;
    const known = places.get(stem);
    if (known === undefined) places.set(stem, [place]);
    else known.push(place);
  }
  return places;
}

function isClose([one, other]: AskedPair, places: Places = new Map()): boolean {
  const placesOfForms = ({ forms }: AskedStem): readonly number[] => forms.flatMap((form) => places.get(form) ?? []);
  const others = placesOfForms(other);
  return (
    others.length > 0 &&
    placesOfForms(one).some((at) => others.some((place) => place !== at && Math.abs(place - at) <= pairDistanceMax))
  );
}
