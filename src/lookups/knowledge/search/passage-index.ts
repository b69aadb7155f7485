import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type DocumentLanguage, documentLanguages } from './document-language.ts';
import { formsOf } from './languages.ts';
import type { PreparedPassage } from './prepare-passages.ts';
import type { AskedStem, PassageStems } from './rank-passages.ts';
import { coverageOf, askedPairs, rarity, scorePassages } from './rank-passages.ts';
import { similarStems } from './similar-stems.ts';

/** A passage that fits a question. */
export interface FoundPassage {
  /** Its path below the folder. */
  readonly file: string;
  readonly title: string | null;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly text: string;
}

/** A question with more words is a speech; the rarest of them say what it is about. */
const stemsMax = 24;

/** Passages that SQLite finds, to be ranked again. With half as many, one of a hundred right ones is not among them; twice as many add none. */
const candidatesMax = 80;

/**
 * Of what a question asks, the passage that covers the most of it must cover this share. Below, they share common words by chance. Right
 * answers to the questions for development cover more, but for a few.
 */
const coverageMin = 0.25;

/** A word that only resembles the one that was asked for may mean something else: it counts half. */
const similarShare = 0.5;

/** In fewer passages, how rare a word is cannot be told from how often it stands there. */
const passagesUsual = 1_000;

/** The weight of a word that stands in a fifth of the passages. */
const rareWeightMin = Math.log(5);

/** With fewer rare words, the common ones must help to find candidates. */
const rareStemsMin = 3;

const schema = `
  CREATE TABLE document (id INTEGER PRIMARY KEY, file TEXT NOT NULL, title TEXT, language TEXT NOT NULL, live INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, headings TEXT NOT NULL, page INTEGER, text TEXT NOT NULL,
    headingStems TEXT NOT NULL, textStems TEXT NOT NULL
  );
  CREATE INDEX passageDocument ON passage (document);
  CREATE VIRTUAL TABLE words USING fts5 (heading, body, content = '', contentless_delete = 1, tokenize = 'ascii');
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'row');
`;

/** Passages of a document have numbers in their order. */
function stemsAt(before: number, after: number): string {
  return `(SELECT group_concat(other.textStems, ' ') FROM passage AS other WHERE other.document = passage.document
    AND other.id IN (passage.id - ${before}, passage.id + ${after}))`;
}

/** The best are found first: most passages match a question somehow, and to look up their texts takes long. */
const searchQuery = `
  SELECT file, title, headings, page, text, headingStems, textStems, ${stemsAt(1, 1)} AS besideStems, ${stemsAt(2, 2)} AS furtherStems
  FROM (SELECT rowid AS found, rank AS place FROM words WHERE words MATCH ? ORDER BY rank LIMIT ${candidatesMax})
  JOIN passage ON passage.id = found JOIN document ON document.id = passage.document
  WHERE live = 1 ORDER BY place, found
`;

/**
 * The passages of a folder in a full-text index of SQLite, in memory. Documents come and go while it is searched: one that is being
 * written is found when it is whole, and the one that it replaces until then.
 */
export class PassageIndex {
  readonly #db: DatabaseSync;
  readonly #statements;
  #languages: readonly DocumentLanguage[] = [];
  #knownStems: readonly string[] | null = null;
  #passages = 0;

  constructor() {
    this.#db = new DatabaseSync(':memory:');
    this.#db.exec(schema);
    this.#statements = statementsOf(this.#db);
  }

  /** How many passages can be found. */
  get passages(): number {
    return this.#passages;
  }

  /** Begins a document, whose passages are found from `finish` on. Its number is for `add` and `finish`. */
  begin(file: string, title: string | null, language: DocumentLanguage): number {
    return Number(this.#statements.addDocument.run(file, title, language).lastInsertRowid);
  }

  /** Adds passages to a document. It blocks for some 0.1 ms each, so a long document comes in pieces. */
  add(document: number, passages: readonly PreparedPassage[]): void {
    const { addPassage, addWords } = this.#statements;
    this.#transaction(() => {
      for (const { headings, page, text, headingStems, textStems } of passages) {
        const place = JSON.stringify(headings);
        const { lastInsertRowid } = addPassage.run(document, place, page, text, headingStems, textStems);
        addWords.run(lastInsertRowid, headingStems, textStems);
      }
    });
  }

  /** From here on the document is found, in place of what there was of its file. */
  finish(document: number, file: string): void {
    this.#transaction(() => {
      this.#removeAllBut(document, file);
      this.#statements.enliven.run(document);
    });
    this.#refresh();
  }

  remove(file: string): void {
    this.#transaction(() => this.#removeAllBut(null, file));
    this.#refresh();
  }

  close(): void {
    this.#db.close();
  }

  /** The passages that fit what is asked, best first. None where they share nothing but common words with it. */
  search(asked: string, passagesMax: number): FoundPassage[] {
    const said = formsOf(asked, this.#languages);
    const total = Math.max(this.#passages, passagesUsual);
    const stems = this.#askedStems(said, total);
    if (stems.length === 0) return [];
    const match = soughtStems(stems)
      .flatMap(({ forms }) => forms.map((form) => `"${form}"`))
      .join(' OR ');
    const candidates = this.#statements.search.all(match).map((row) => ({ row, parts: partsOf(row) }));
    if (!candidates.some(({ parts }) => coverageOf(parts, stems) >= coverageMin)) return [];
    const scores = scorePassages(
      candidates.map(({ parts }) => parts),
      { stems, pairs: askedPairs(said, stems), total },
    );
    const ranked = candidates
      .map(({ row }, index) => ({ row, score: scores[index] ?? 0 }))
      .toSorted((one, other) => other.score - one.score)
      .map(({ row }) => foundPassage(row));
    return withoutTwins(ranked).slice(0, passagesMax);
  }

  /** The rarest words of a question. One that stands in no passage is looked for in the forms that resemble it. */
  #askedStems(said: readonly string[][], total: number): AskedStem[] {
    const words = new Map(said.map((forms) => [forms.join(' '), forms]));
    const weighed = [...words.values()].map((forms): AskedStem => {
      const count = this.#countOf(forms);
      if (count > 0) return { forms, weight: rarity(count, total) };
      const similar = forms.flatMap((form) => similarStems(form, this.#vocabulary()));
      if (similar.length === 0) return { forms, weight: rarity(0, total) };
      return {
        forms: [...new Set([...forms, ...similar])],
        weight: similarShare * rarity(this.#countOf(similar), total),
      };
    });
    return weighed.toSorted((one, other) => other.weight - one.weight).slice(0, stemsMax);
  }

  /** In how many passages the most common of these forms stands. */
  #countOf(forms: readonly string[]): number {
    return Math.max(...forms.map((form) => Number(this.#statements.countOf.get(form)?.['passages'] ?? 0)));
  }

  #vocabulary(): readonly string[] {
    this.#knownStems ??= this.#statements.allStems.all().map(({ term }) => String(term));
    return this.#knownStems;
  }

  #removeAllBut(kept: number | null, file: string): void {
    for (const remove of this.#statements.removals) remove.run(file, kept);
  }

  #refresh(): void {
    this.#knownStems = null;
    this.#passages = Number(this.#statements.countAll.get()?.['passages'] ?? 0);
    const spoken = new Set(this.#statements.languages.all().map(({ language }) => language));
    this.#languages = documentLanguages.filter((language) => spoken.has(language));
  }

  #transaction(change: () => void): void {
    this.#db.exec('BEGIN');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Common words rank passages, but do not make one a candidate: to look at all that have one takes twice as long. */
function soughtStems(asked: readonly AskedStem[]): readonly AskedStem[] {
  const rare = asked.filter(({ weight }) => weight >= rareWeightMin);
  return rare.length >= rareStemsMin ? rare : asked;
}

function statementsOf(db: DatabaseSync) {
  const ofFile = 'SELECT id FROM document WHERE file = ? AND id IS NOT ?';
  return {
    addDocument: db.prepare('INSERT INTO document (file, title, language) VALUES (?, ?, ?)'),
    addPassage: db.prepare(
      'INSERT INTO passage (document, headings, page, text, headingStems, textStems) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    addWords: db.prepare('INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)'),
    enliven: db.prepare('UPDATE document SET live = 1 WHERE id = ?'),
    removals: [
      db.prepare(`DELETE FROM words WHERE rowid IN (SELECT id FROM passage WHERE document IN (${ofFile}))`),
      db.prepare(`DELETE FROM passage WHERE document IN (${ofFile})`),
      db.prepare('DELETE FROM document WHERE file = ? AND id IS NOT ?'),
    ],
    search: db.prepare(searchQuery),
    countOf: db.prepare('SELECT doc AS passages FROM vocabulary WHERE term = ?'),
    allStems: db.prepare('SELECT term FROM vocabulary'),
    countAll: db.prepare(
      'SELECT count(*) AS passages FROM passage JOIN document ON document.id = document WHERE live = 1',
    ),
    languages: db.prepare('SELECT DISTINCT language FROM document WHERE live = 1'),
  };
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function partsOf(row: Row): PassageStems {
  const stems = (column: string): string[] => String(row[column] ?? '').split(' ');
  return {
    heading: stems('headingStems'),
    body: stems('textStems'),
    beside: stems('besideStems'),
    further: stems('furtherStems'),
  };
}

function foundPassage({ file, title, headings, page, text }: Row): FoundPassage {
  const place: unknown = JSON.parse(String(headings));
  return {
    file: String(file),
    title: title === null ? null : String(title),
    headings: Array.isArray(place) ? place.map(String) : [],
    page: page === null ? null : Number(page),
    text: String(text),
  };
}

/** The same text in two files is one answer. */
function withoutTwins(passages: readonly FoundPassage[]): FoundPassage[] {
  const texts = new Set<string>();
  return passages.filter(({ text }) => !texts.has(text) && texts.add(text));
}
