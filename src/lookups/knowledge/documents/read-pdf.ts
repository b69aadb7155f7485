import { getDocumentProxy } from 'unpdf';

import type { DocumentText } from './section.ts';
import { oneLine, SectionBuilder } from './section.ts';

/** Longer documents are whole libraries; they take minutes to read. */
export const pdfPagesMax = 3_000;

/** Letters that are larger than those of the text by this much are those of a heading. */
const headingScale = 1.15;

/** A line that is farther from the one above than this many usual lines begins a paragraph. */
const paragraphGapScale = 1.4;

/** Lines of large letters lie farther apart than those of the text, but not by more than this. */
const lineHeightScale = 1.2;

/** A first or last line that this share of the pages repeats is no text but the head or foot of the page. */
const runningShare = 0.4;

/** In fewer pages nothing can be told to repeat. */
const runningPagesMin = 4;

interface PdfLine {
  readonly text: string;
  /** Height of its letters, and its distance from the bottom of the page, in the units of the page. */
  readonly height: number;
  readonly y: number;
}

/** A document of pages, and how many of them were left out. */
interface PdfText extends DocumentText {
  readonly pagesLeftOut: number;
}

/** Reads the text of a PDF page by page. Its headings are told by the height of their letters. */
export async function readPdf(bytes: Uint8Array): Promise<PdfText> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const pages: PdfLine[][] = [];
    for (let number = 1; number <= Math.min(pdf.numPages, pdfPagesMax); number += 1) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      pages.push(linesOf(items.flatMap((item) => ('str' in item ? [item] : []))));
      page.cleanup();
    }
    const title = titleOf((await pdf.getMetadata()).info);
    return { title, sections: sectionsOf(pages), pagesLeftOut: pdf.numPages - pages.length };
  } finally {
    await pdf.destroy();
  }
}

/** A piece of text as PDF.js gives it. */
interface PdfPiece {
  readonly str: string;
  readonly height: number;
  readonly hasEOL: boolean;
  /** From the piece to the page; the last of its six numbers is the distance from the bottom. */
  readonly transform: readonly unknown[];
}

function linesOf(pieces: readonly PdfPiece[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let texts: string[] = [];
  let height = 0;
  let y = 0;
  const endLine = (): void => {
    const text = oneLine(texts.join(''));
    if (text !== '') lines.push({ text, height, y });
    texts = [];
    height = 0;
  };
  for (const piece of pieces) {
    const place = Number(piece.transform[5] ?? y);
    if (texts.length > 0 && Math.abs(place - y) > height / 2 && piece.str !== '') endLine();
    if (texts.length === 0) y = place;
    texts.push(piece.str);
    height = Math.max(height, piece.height);
    if (piece.hasEOL) endLine();
  }
  endLine();
  return lines;
}

function titleOf(info: unknown): string | null {
  if (typeof info !== 'object' || info === null || !('Title' in info) || typeof info.Title !== 'string') return null;
  const title = oneLine(info.Title);
  // Programs put the name of the file they came from there, which says less than its headings.
  return title === '' || /\.\w{2,5}$/.test(title) ? null : title;
}

function sectionsOf(pages: readonly (readonly PdfLine[])[]): DocumentText['sections'] {
  const sections = new SectionBuilder();
  const levels = headingLevels(pages);
  const running = runningLines(pages);
  for (const [index, lines] of pages.entries()) {
    sections.page(index + 1);
    const isHeading = (line: PdfLine | undefined): boolean => levels.has(Math.round(line?.height ?? 0));
    const said = lines.filter(
      (line, at) =>
        isHeading(line) || !((at === 0 || at === lines.length - 1) && running.has(withoutNumbers(line.text))),
    );
    for (const paragraph of paragraphsOf(said)) {
      const text = paragraph
        .map((line) => line.text)
        .join('\n')
        .replaceAll(/(?<=\p{Ll})-\n(?=\p{Ll})/gu, '');
      const level = levels.get(Math.round(paragraph[0]?.height ?? 0));
      if (level === undefined) sections.block(text);
      else sections.heading(level, text);
    }
  }
  return sections.sections();
}

function paragraphsOf(lines: readonly PdfLine[]): PdfLine[][] {
  const gaps = lines.flatMap((line, index) => {
    const gap = (lines[index - 1]?.y ?? line.y) - line.y;
    return gap > 0 ? [gap] : [];
  });
  const usualGap = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 0;
  const paragraphs: PdfLine[][] = [];
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    const goesOn =
      above !== undefined &&
      Math.round(above.height) === Math.round(line.height) &&
      above.y - line.y <= Math.max(usualGap, line.height * lineHeightScale) * paragraphGapScale &&
      above.y >= line.y;
    if (goesOn) paragraphs.at(-1)?.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs;
}

/** Which heights of letters are those of headings: the largest is that of level 1. */
function headingLevels(pages: readonly (readonly PdfLine[])[]): ReadonlyMap<number, number> {
  const characters = new Map<number, number>();
  for (const { text, height } of pages.flat()) {
    const rounded = Math.round(height);
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  const [body] = [...characters].toSorted((one, other) => other[1] - one[1])[0] ?? [0];
  const larger = [...characters.keys()].filter((height) => height > body * headingScale);
  return new Map(larger.toSorted((one, other) => other - one).map((height, index) => [height, index + 1]));
}

function runningLines(pages: readonly (readonly PdfLine[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const ends = [lines[0], lines.at(-1)].map((line) => withoutNumbers(line?.text ?? ''));
    for (const end of new Set(ends)) counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const enough = Math.max(runningPagesMin, pages.length * runningShare);
  return new Set([...counts].filter(([, count]) => count >= enough).map(([text]) => text));
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}
