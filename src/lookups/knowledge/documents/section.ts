/** A stretch of a document below one heading, in reading order. */
export interface Section {
  /** From the heading of the document down to its own. */
  readonly headings: readonly string[];
  /** The page on which it stands, from 1, where the document has pages. */
  readonly page: number | null;
  /** Paragraphs, items of lists, rows of tables and listings, each on one line. */
  readonly blocks: readonly string[];
}

/** A document as its reader found it. */
export interface DocumentText {
  /** What the document calls itself; null where it has no name but that of its file. */
  readonly title: string | null;
  readonly sections: readonly Section[];
}

/** Longer headings are paragraphs that somebody set in large letters. */
const headingCharactersMax = 160;

/** Puts the blocks of a document below the headings that stand over them. */
export class SectionBuilder {
  readonly #sections: { headings: readonly string[]; page: number | null; blocks: string[] }[] = [];
  #headings: { level: number; text: string }[] = [];
  #page: number | null = null;

  /** What comes next stands on this page. */
  page(page: number): void {
    this.#page = page;
  }

  /** A heading of a level, 1 for the highest. It ends the section before it. */
  heading(level: number, text: string): void {
    const said = oneLine(text);
    if (said.length > headingCharactersMax) return this.block(said);
    if (said === '') return;
    this.#headings = [...this.#headings.filter((heading) => heading.level < level), { level, text: said }];
  }

  /** A paragraph, or whatever else is read in one go. */
  block(text: string): void {
    const said = oneLine(text);
    if (said === '') return;
    const headings = this.#headings.map((heading) => heading.text);
    const last = this.#sections.at(-1);
    if (last !== undefined && last.page === this.#page && sameTexts(last.headings, headings)) last.blocks.push(said);
    else this.#sections.push({ headings, page: this.#page, blocks: [said] });
  }

  sections(): readonly Section[] {
    return this.#sections;
  }
}

/** Without line breaks, and with one space where there were several. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u00ad\u200b]+/g, ' ').trim();
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
