import { Parser } from 'htmlparser2';

import type { DocumentText } from './section.ts';
import { oneLine, SectionBuilder } from './section.ts';

/** What a page holds beside its text. */
const skippedTags: ReadonlySet<string> = new Set([
  'button',
  'canvas',
  'iframe',
  'math',
  'nav',
  'noscript',
  'object',
  'script',
  'select',
  'style',
  'svg',
  'template',
  'textarea',
]);

/** Text before and after one of these is not one sentence. */
const blockTags: ReadonlySet<string> = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'body',
  'caption',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'figcaption',
  'figure',
  'footer',
  'form',
  'header',
  'hr',
  'li',
  'main',
  'ol',
  'p',
  'section',
  'summary',
  'table',
  'ul',
]);

/** More columns than a person would listen to; the rest of a wider table is read without the names of its columns. */
const columnsNamedMax = 50;

/** Reads a page of HTML: its headings, and its text in blocks. Scripts, styles and menus are left out. */
export function readHtml(html: string): DocumentText {
  const page = new HtmlPage();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => page.open(name, attributes),
      ontext: (text) => page.text(text),
      onclosetag: (name) => page.close(name),
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return page.document();
}

/** Takes the tags of a page as they come. It keeps no tree, so that a page may nest as deeply as it likes. */
class HtmlPage {
  readonly #sections = new SectionBuilder();
  /** Texts since the last block began: joined only at its end, since a page may hold millions of them. */
  #pending: string[] = [];
  #title: string | null = null;
  #skippedDepth = 0;
  #listingDepth = 0;
  readonly #table = new TableRows();

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (skippedTags.has(name)) this.#skippedDepth += 1;
    else if (name === 'title' || isHeading(name) || blockTags.has(name)) this.#endBlock();
    else if (name === 'pre') {
      this.#endBlock();
      this.#listingDepth += 1;
    } else if (name === 'tr') {
      this.#endBlock();
      this.#table.beginRow();
    } else if (name === 'td' || name === 'th') this.#endCell();
    else if (name === 'br') this.#pending.push('\n');
    else if (name === 'img') this.text(attributes['alt'] ?? '');
  }

  text(text: string): void {
    if (this.#skippedDepth === 0) this.#pending.push(text);
  }

  close(name: string): void {
    if (skippedTags.has(name)) this.#skippedDepth = Math.max(0, this.#skippedDepth - 1);
    else if (name === 'title') this.#title ??= this.#take();
    else if (isHeading(name)) this.#heading(name, this.#take());
    else if (name === 'td' || name === 'th') this.#table.cell(this.#take(), name === 'th');
    else if (name === 'tr') this.#endRow();
    else if (name === 'table') {
      this.#endRow();
      this.#table.endTable();
    } else if (name === 'pre') {
      this.#endBlock();
      this.#listingDepth = Math.max(0, this.#listingDepth - 1);
    } else if (blockTags.has(name)) this.#endBlock();
  }

  /** Without a title, the first heading of the highest level is one. */
  #heading(name: string, text: string): void {
    if (name === 'h1') this.#title ??= text;
    this.#sections.heading(Number(name.slice(1)), text);
  }

  document(): DocumentText {
    this.#endRow();
    this.#endBlock();
    const title = this.#title === null ? '' : oneLine(this.#title);
    return { title: title === '' ? null : title, sections: this.#sections.sections() };
  }

  #take(): string {
    const text = this.#pending.join('');
    this.#pending = [];
    return text;
  }

  /** A paragraph inside of a cell belongs to the cell. */
  #endBlock(): void {
    if (this.#table.isInRow()) {
      if (this.#pending.length > 0) this.#pending.push(' ');
      return;
    }
    const text = this.#take();
    this.#sections.block(this.#listingDepth > 0 ? spokenListing(text) : text);
  }

  #endCell(): void {
    const text = this.#take();
    if (this.#table.isInRow()) this.#table.append(text);
    else this.#sections.block(text);
  }

  #endRow(): void {
    if (!this.#table.isInRow()) return;
    this.#table.append(this.#take());
    this.#sections.block(this.#table.endRow());
  }
}

/** Makes a sentence of each row, since models read tables aloud cell by cell: "Size: small, price: 3 euros". */
class TableRows {
  #columns: readonly string[] = [];
  #row: { cells: string[]; isHead: boolean } | null = null;

  isInRow(): boolean {
    return this.#row !== null;
  }

  beginRow(): void {
    this.#row = { cells: [], isHead: true };
  }

  cell(text: string, isHead: boolean): void {
    if (this.#row === null) return;
    this.#row.cells.push(oneLine(text));
    this.#row.isHead &&= isHead;
  }

  /** Text of a row outside of its cells. */
  append(text: string): void {
    const said = oneLine(text);
    if (said !== '') this.cell(said, false);
  }

  endRow(): string {
    const row = this.#row ?? { cells: [], isHead: false };
    this.#row = null;
    if (row.isHead && this.#columns.length === 0) {
      this.#columns = row.cells.slice(0, columnsNamedMax);
      return '';
    }
    const said = row.cells.map((cell, index) => {
      const column = this.#columns[index] ?? '';
      return cell === '' || column === '' ? cell : `${column}: ${cell}`;
    });
    return said.filter((cell) => cell !== '').join(', ');
  }

  endTable(): void {
    this.#columns = [];
  }
}

function isHeading(name: string): boolean {
  return /^h[1-6]$/.test(name);
}

/** Lines of a listing are not parts of one sentence. */
function spokenListing(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}
