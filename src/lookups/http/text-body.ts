/** How a value is written into a text of some form so that it stays one value and cannot become a part of the form. */
type Encode = (value: string) => string;

/** By the end of the media type: `application/json`, `application/vnd.api+json`. */
const forms: readonly (readonly [RegExp, Encode])[] = [
  // Inside of the quotation marks that stand in the template.
  [/[/+]json$/, (value) => JSON.stringify(value).slice(1, -1)],
  [/[/+](?:xml|html)$/, (value) => value.replaceAll(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
  [/\/x-www-form-urlencoded$/, encodeURIComponent],
];

/** How arguments are written into a body of this media type. In a plain text they stand as they are. */
export function textEncoding(mediaType: string): Encode {
  const type = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  return forms.find(([ending]) => ending.test(type))?.[1] ?? ((value) => value);
}
