import type { HttpMethod } from '../http-method.ts';
import type { Callback } from './twiml.ts';
import { attributesOf, mayStandIn } from './twiml-schema.ts';
import type { XmlElement } from './xml.ts';

/** Called with every schema warning (12200): what is wrong with the document that runs nevertheless. */
export type Warn = (detail: string) => void;

/** The child elements that may stand here, their attributes checked. */
export function childElements(parent: XmlElement, warn: Warn): XmlElement[] {
  return parent.children.flatMap((child) => {
    if (typeof child === 'string') {
      if (child.trim() !== '') warn(`text in <${parent.name}>`);
      return [];
    }
    if (!mayStandIn(parent.name, child.name)) {
      warn(`<${child.name}> in <${parent.name}>`);
      return [];
    }
    checkAttributes(child, warn);
    return [child];
  });
}

/** Reports the attributes that the element does not have (TW-TWIML-1). */
export function checkAttributes(element: XmlElement, warn: Warn): void {
  const known = attributesOf.get(element.name);
  if (known === undefined) return;
  for (const name of element.attributes.keys()) {
    if (!known.has(name)) warn(`attribute ${name} of <${element.name}>`);
  }
}

/** The text of an element, without the spaces around it. */
export function textOf(element: XmlElement): string {
  return element.children
    .filter((child) => typeof child === 'string')
    .join('')
    .trim();
}

/** An attribute that holds an HTTP method; `POST` where it holds anything else. */
export function methodOf(element: XmlElement, name: string, warn: Warn): HttpMethod {
  const method = element.attributes.get(name) ?? 'POST';
  if (method === 'GET' || method === 'POST') return method;
  warn(`${name}="${method}" of <${element.name}>`);
  return 'POST';
}

/** An attribute that holds a whole number; `otherwise` where it is absent or wrong. */
export function wholeAttribute(element: XmlElement, name: string, otherwise: number, warn: Warn): number {
  const text = element.attributes.get(name);
  if (text === undefined) return otherwise;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  warn(`${name}="${text}" of <${element.name}>`);
  return otherwise;
}

/** An attribute that is `true` or `false`; `otherwise` where it is absent or wrong. */
export function truth(element: XmlElement, name: string, otherwise: boolean, warn: Warn): boolean {
  const text = element.attributes.get(name);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text !== undefined) warn(`${name}="${text}" of <${element.name}>`);
  return otherwise;
}

/** The `statusCallback` of an element, or another callback by its name; null without one. It must be absolute (TW-TWIML-1). */
export function callbackOf(element: XmlElement, warn: Warn, name = 'statusCallback'): Callback | null {
  const url = element.attributes.get(name);
  if (url === undefined) return null;
  const method = methodOf(element, `${name}Method`, warn);
  if (URL.canParse(url)) return { url, method };
  warn(`${name}="${url}" is not an absolute URL`);
  return null;
}

/** The words of an attribute that lists events, apart by spaces. */
export function eventsOf(element: XmlElement, name: string, otherwise: string): ReadonlySet<string> {
  return new Set((element.attributes.get(name) ?? otherwise).split(' ').filter((word) => word !== ''));
}
