import type { DocumentText } from './section.ts';
import { SectionBuilder } from './section.ts';

/** A line that stands alone and is not longer is a heading, unless it ends like a sentence. */
const headingCharactersMax = 70;

/** Reads text as people type it: paragraphs between empty lines, headings on a line of their own or underlined. */
export function readPlainText(text: string): DocumentText {
  const sections = new SectionBuilder();
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    const lines = paragraph.split('\n').map((line) => line.trim());
    const [first = '', second = ''] = lines;
    if (/^(=+|-+|~+|\*+)$/.test(second)) {
      sections.heading(second.startsWith('=') ? 1 : 2, first);
      sections.block(joined(lines.slice(2)));
    } else if (lines.filter((line) => line !== '').length === 1 && isHeading(first)) sections.heading(3, first);
    else sections.block(joined(lines));
  }
  return { title: null, sections: sections.sections() };
}

function isHeading(line: string): boolean {
  return line.length <= headingCharactersMax && /\p{L}/u.test(line) && !/[.!?:;,]$/.test(line) && !/^[-*•]/.test(line);
}

/** A word that was broken at the end of a line is whole again. */
function joined(lines: readonly string[]): string {
  return lines.join('\n').replaceAll(/(?<=\p{Ll})-\n(?=\p{Ll})/gu, '');
}
