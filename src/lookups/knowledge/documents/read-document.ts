import { decodeText } from './decode-text.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { pdfPagesMax, readPdf } from './read-pdf.ts';
import { readPlainText } from './read-plain-text.ts';
import type { DocumentText } from './section.ts';

/** The kinds of files that are read, by how their names end. */
const formats = {
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  text: 'text',
  htm: 'html',
  html: 'html',
  xhtml: 'html',
  pdf: 'pdf',
} as const;

/** How a file is read. */
export type DocumentFormat = (typeof formats)[keyof typeof formats];

/** What became of a file: its text, or why it has none. Sentences lack their subject, the file. */
export type DocumentOutcome =
  | { readonly kind: 'read'; readonly document: DocumentText; readonly warnings: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string };

/** How a file of this name is read; null where it is none of the kinds that are. */
export function documentFormat(name: string): DocumentFormat | null {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return Object.entries(formats).find(([known]) => known === ending)?.[1] ?? null;
}

/** Reads a document out of the bytes of its file. Never rejects: whatever a file does to its reader is said of the file. */
export async function readDocument(bytes: Uint8Array, format: DocumentFormat): Promise<DocumentOutcome> {
  try {
    return format === 'pdf' ? await readPages(bytes) : readText(bytes, format);
  } catch (error) {
    return { kind: 'unreadable', why: faultOf(error) };
  }
}

async function readPages(bytes: Uint8Array): Promise<DocumentOutcome> {
  const { pagesLeftOut, ...document } = await readPdf(bytes);
  if (document.sections.length === 0) {
    return {
      kind: 'unreadable',
      why: 'holds pictures of pages and no text. Have its text recognized (OCR) and save it with the text.',
    };
  }
  const warnings =
    pagesLeftOut === 0 ? [] : [`is read up to page ${pdfPagesMax}; the last ${pagesLeftOut} are left out.`];
  return { kind: 'read', document, warnings };
}

function readText(bytes: Uint8Array, format: Exclude<DocumentFormat, 'pdf'>): DocumentOutcome {
  const decoded = decodeText(bytes, format === 'html');
  if (decoded === null) return { kind: 'unreadable', why: 'holds no text, whatever its name says.' };
  const read = { markdown: readMarkdown, text: readPlainText, html: readHtml }[format];
  const document = read(decoded.text.replaceAll('\r\n', '\n'));
  if (document.sections.length === 0) return { kind: 'unreadable', why: 'is empty.' };
  return { kind: 'read', document, warnings: decoded.warning === null ? [] : [decoded.warning] };
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return `cannot be read (${String(error)}).`;
  if (error.name === 'PasswordException') return 'is protected by a password. Save it without one.';
  return `cannot be read (${error.message.split('\n')[0]?.slice(0, 200)}).`;
}
