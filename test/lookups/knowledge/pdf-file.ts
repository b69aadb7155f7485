import { deflateSync } from 'node:zlib';

/** A line of a page: its text, and the height of its letters. */
export interface PdfTestLine {
  readonly text: string;
  readonly size?: number;
}

/** A PDF of these pages, as a word processor would write it. */
export function pdfFile(pages: readonly (readonly PdfTestLine[])[], title = ''): Uint8Array {
  return pdfOfContents(pages.map(contentOf), title);
}

/** A PDF whose pages are drawn by these programs. */
export function pdfOfContents(contents: readonly (string | Buffer)[], title = ''): Uint8Array {
  const objects: Buffer[] = [];
  const add = (text: string, stream?: Buffer): number => {
    const body = stream === undefined ? [] : [Buffer.from('\nstream\n'), stream, Buffer.from('\nendstream')];
    objects.push(Buffer.concat([Buffer.from(text), ...body]));
    return objects.length;
  };
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  const info = add(`<< /Title (${title}) >>`);
  const pages = contents.map((content) => {
    const packed = deflateSync(content, { level: 1 });
    const stream = add(`<< /Length ${packed.length} /Filter /FlateDecode >>`, packed);
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${stream} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
    );
  });
  const kids = pages.map((page) => `${page} 0 R`).join(' ');
  objects[1] = Buffer.from(`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`);
  return withTable(objects, `<< /Size ${objects.length + 1} /Root 1 0 R /Info ${info} 0 R >>`);
}

function contentOf(lines: readonly PdfTestLine[]): string {
  let y = 760;
  const drawn = lines.map(({ text, size = 11 }) => {
    y -= size * 1.3;
    return `BT /F1 ${size} Tf 50 ${y.toFixed(1)} Td (${text.replaceAll(/[()\\]/g, String.raw`\$&`)}) Tj ET`;
  });
  return drawn.join('\n');
}

function withTable(objects: readonly Buffer[], trailer: string): Uint8Array {
  const parts = [Buffer.from('%PDF-1.4\n')];
  let at = parts[0]?.length ?? 0;
  const places = objects.map((object, index) => {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    at += part.length;
    return at - part.length;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${trailer}\nstartxref\n${at}\n%%EOF`,
    ),
  );
  return Buffer.concat(parts);
}
