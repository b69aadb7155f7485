/** A request of the REST API. `path` begins with the version and has no query; `form` holds the fields of the body, or of the query. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
}

/** What the REST API answers; `body` is JSON, null for none. */
export interface RestAnswer {
  readonly status: number;
  readonly body: object | null;
}

/** Twilio's error body (TW-REST-2). */
export function restFailure(status: number, code: number, message: string): RestAnswer {
  const moreInfo = `https://www.twilio.com/docs/errors/${String(code)}`;
  return { status, body: { code, message, more_info: moreInfo, status } };
}

/** Something that the API does not know, or does not know any more. */
export function notFound(path: string): RestAnswer {
  return restFailure(404, 20404, `The requested resource ${path} was not found`);
}

/** A list on one page: the simulated account never has more than one. */
export function page(name: string, path: string, resources: readonly object[]): RestAnswer {
  const size = Math.max(50, resources.length);
  const uri = `${path}?PageSize=${String(size)}&Page=0`;
  const paging = { page: 0, page_size: size, start: 0, end: Math.max(0, resources.length - 1) };
  const uris = { uri, first_page_uri: uri, next_page_uri: null, previous_page_uri: null };
  return { status: 200, body: { [name]: resources, ...paging, ...uris } };
}

/** A field that is `true` or `false`; anything else counts as false, and null stands for a field that is not there. */
export function truthOf(form: URLSearchParams, name: string): boolean | null {
  const text = form.get(name);
  return text === null ? null : text.toLowerCase() === 'true';
}
