import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stopwords as danishStopWords } from '@orama/stopwords/danish';
import { stopwords as dutchStopWords } from '@orama/stopwords/dutch';
import { stopwords as englishStopWords } from '@orama/stopwords/english';
import { stopwords as finnishStopWords } from '@orama/stopwords/finnish';
import { stopwords as frenchStopWords } from '@orama/stopwords/french';
import { stopwords as germanStopWords } from '@orama/stopwords/german';
import { stopwords as italianStopWords } from '@orama/stopwords/italian';
import { stopwords as norwegianStopWords } from '@orama/stopwords/norwegian';
import { stopwords as portugueseStopWords } from '@orama/stopwords/portuguese';
import { stopwords as spanishStopWords } from '@orama/stopwords/spanish';
import { stopwords as swedishStopWords } from '@orama/stopwords/swedish';
import { type DocumentLanguage, documentLanguages } from './document-language.ts';

/** Stems that are kept, since a few thousand words make up nearly all of a text: documents are then read twice as fast. */
const stemsKeptMax = 50_000;

interface LanguageRules {
  readonly stem: (word: string) => string;
  /** Words that stand in every text and tell nothing about it. */
  readonly stopWords: ReadonlySet<string>;
}

/** Articles and question words that the lists lack: they begin questions, and stand between words that belong together. */
const addedStopWords: Readonly<Partial<Record<DocumentLanguage, readonly string[]>>> = {
  da: ['hvordan'],
  de: ['wer', 'wann', 'warum'],
  en: ['a'],
  fi: ['miten', 'milloin'],
  fr: ['comment', 'pourquoi', 'où', 'quand'],
  it: ['quando'],
  nl: ['waar', 'wanneer'],
  no: ['ei'],
  pt: ['onde', 'é'],
};

const rules: Readonly<Record<DocumentLanguage, LanguageRules>> = {
  da: { stem: danish, stopWords: stopWordsOf('da', danishStopWords) },
  de: { stem: german, stopWords: stopWordsOf('de', germanStopWords) },
  en: { stem: english, stopWords: stopWordsOf('en', englishStopWords) },
  es: { stem: spanish, stopWords: stopWordsOf('es', spanishStopWords) },
  fi: { stem: finnish, stopWords: stopWordsOf('fi', finnishStopWords) },
  fr: { stem: french, stopWords: stopWordsOf('fr', frenchStopWords) },
  it: { stem: italian, stopWords: stopWordsOf('it', italianStopWords) },
  nl: { stem: dutch, stopWords: stopWordsOf('nl', dutchStopWords) },
  no: { stem: norwegian, stopWords: stopWordsOf('no', norwegianStopWords) },
  pt: { stem: portuguese, stopWords: stopWordsOf('pt', portugueseStopWords) },
  sv: { stem: swedish, stopWords: stopWordsOf('sv', swedishStopWords) },
};

/** A text shows its language within a page or two. */
const detectedWordsMax = 2_000;

/** The language that most of the small words of a text belong to; English where it has none of any. */
export function detectLanguage(text: string): DocumentLanguage {
  const words = wordsOf(text.slice(0, detectedWordsMax * 10)).slice(0, detectedWordsMax);
  let best: DocumentLanguage = 'en';
  let most = words.filter((word) => rules.en.stopWords.has(word)).length;
  for (const language of documentLanguages) {
    const { stopWords } = rules[language];
    const count = words.filter((word) => stopWords.has(word)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}

const stemsKept = new Map<string, string>();

/** The stems of the words that tell something, in the order of the text. */
export function stemsOf(text: string, language: DocumentLanguage): string[] {
  const { stopWords } = rules[language];
  return wordsOf(text)
    .filter((word) => !stopWords.has(word))
    .map((word) => stemOf(word, language));
}

/** Of each word that tells something, its stems in these languages: which of them a question is in, a word or two do not show. */
export function formsOf(text: string, languages: readonly DocumentLanguage[]): string[][] {
  const words = wordsOf(text).filter((word) => !languages.some((language) => rules[language].stopWords.has(word)));
  return words.map((word) => [...new Set(languages.map((language) => stemOf(word, language)))]);
}

function stemOf(word: string, language: DocumentLanguage): string {
  const key = `${language} ${word}`;
  const kept = stemsKept.get(key);
  if (kept !== undefined) return kept;
  const stem = plainLetters(rules[language].stem(word));
  if (stemsKept.size < stemsKeptMax) stemsKept.set(key, stem);
  return stem;
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Callers' words come from a transcript and documents from a keyboard: accents are not to part them. */
function plainLetters(word: string): string {
  return word.replaceAll('ß', 'ss').normalize('NFD').replaceAll(/\p{M}/gu, '');
}

function stopWordsOf(language: DocumentLanguage, words: readonly string[]): ReadonlySet<string> {
  return new Set([...words, ...(addedStopWords[language] ?? [])].flatMap((word) => wordsOf(word)));
}
