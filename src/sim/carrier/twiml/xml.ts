/** An XML element; text between elements is a string. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}

/** A well-formed document. */
export interface XmlDocument {
  /** The version of the XML declaration; null without one. */
  readonly version: string | null;
  readonly root: XmlElement;
}

/** The text is not well-formed XML. The message says what is wrong and where, for the person who wrote the document. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
}

const token =
  /<!--(?:(?!--)[^])*-->|<!\[CDATA\[(?<cdata>[^]*?)\]\]>|<\/(?<closing>[\w.:-]+)\s*>|<(?<opening>[A-Za-z_][\w.:-]*)(?<attributes>(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;
const declaration = /^\uFEFF?\s*<\?xml\s+version\s*=\s*["'](?<version>[^"']*)["'][^?]*\?>/;
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const reference = /&(?:#(?<decimal>\d{1,7});|#x(?<hex>[\da-fA-F]{1,6});|(?<named>\w+);)?/g;
const namedCharacters = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const unicodeMax = 0x10ffff;

/**
 * Parses the XML that TwiML is written in: elements, attributes, text, comments, CDATA and the five named characters. Document
 * types and processing instructions are refused. Throws {@link MalformedXml}.
 */
export function parseXml(source: string): XmlDocument {
  const declared = declaration.exec(source);
  const top: OpenElement = { name: '', attributes: new Map(), children: [] };
  const open = [top];
  let offset = declared?.[0].length ?? 0;
  while (offset < source.length) {
    token.lastIndex = offset;
    const found = token.exec(source);
    if (found === null) throw new MalformedXml(`cannot be read at character ${String(offset)}`);
    takeToken(found.groups ?? {}, open);
    offset = token.lastIndex;
  }
  if (open.length > 1) throw new MalformedXml(`<${open.at(-1)?.name ?? ''}> is not closed`);
  return { version: declared?.groups?.['version'] ?? null, root: onlyElement(top.children) };
}

function takeToken(groups: Readonly<Record<string, string | undefined>>, open: OpenElement[]): void {
  const parent = open.at(-1);
  if (parent === undefined) return;
  const { opening, closing, text, cdata } = groups;
  if (opening !== undefined) {
    const element = { name: opening, attributes: readAttributes(groups['attributes'] ?? ''), children: [] };
    parent.children.push(element);
    if (groups['empty'] === '') open.push(element);
  } else if (closing !== undefined) {
    if (closing !== parent.name) throw new MalformedXml(`</${closing}> closes <${parent.name}>`);
    open.pop();
  } else {
    const content = cdata ?? decode(text ?? '');
    if (content !== '') parent.children.push(content);
  }
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', doubleQuoted, singleQuoted] of source.matchAll(attribute)) {
    if (attributes.has(name)) throw new MalformedXml(`attribute ${name} appears twice`);
    attributes.set(name, decode(doubleQuoted ?? singleQuoted ?? ''));
  }
  return attributes;
}

function decode(text: string): string {
  return text.replaceAll(reference, (whole, decimal?: string, hex?: string, named?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    if (code <= unicodeMax) return String.fromCodePoint(code);
    const character = namedCharacters.get(named ?? '');
    if (character === undefined) throw new MalformedXml(`unknown reference ${whole}`);
    return character;
  });
}

function onlyElement(children: readonly (XmlElement | string)[]): XmlElement {
  const elements = children.filter((child) => typeof child !== 'string');
  const [root] = elements;
  const strayText = children.some((child) => typeof child === 'string' && child.trim() !== '');
  if (root === undefined || elements.length > 1 || strayText) throw new MalformedXml('not exactly one root element');
  return root;
}
