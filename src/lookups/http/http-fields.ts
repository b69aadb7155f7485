import { z } from 'zod';

import { parameterFields } from '../parameter-fields.ts';
import { compilePath, compileSay } from './answer-template.ts';
import { hostFault, hostFields } from './host-fields.ts';
import { placeholdersOf } from './placeholders.ts';
import { parseUrlTemplate } from './url-template.ts';

/** Longer addresses are refused by many servers. */
const urlCharactersMax = 4_000;

const membersMax = 50;

const valueCharactersMax = 4_000;

/** A sentence for the model. */
const sentence = z.string().min(1).max(1_000);

/** A caller does not wait for a fourth try. */
const retriesMax = 3;

const cacheSecondsMax = 86_400;

/** More cannot be told on the telephone. */
const entriesMax = 20;

const headerName = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** They say where a request goes and how long it is, which is not for the file to say. */
const ownHeaders = /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|proxy-.*|keep-alive)$/i;

const value = z.union([z.string().max(valueCharactersMax), z.number(), z.boolean()]);

const values = z.record(z.string().min(1), value).refine((members) => Object.keys(members).length <= membersMax, {
  error: `holds too many; it wants at most ${membersMax}`,
});

const headers = z
  .record(
    z
      .string()
      .regex(headerName, { error: 'is no name of a header' })
      .refine((name) => !ownHeaders.test(name), { error: 'is a header that the connection decides' }),
    z
      .string()
      .max(valueCharactersMax)
      .regex(/^[\t\x20-\x7e\u0080-\u00ff]*$/, {
        error: 'holds a line break or a sign that no header may hold',
      }),
  )
  .default({})
  .describe('Headers of the request. ${NAME} is taken from the environment.');

const body = z
  .strictObject({
    json: z
      .unknown()
      .optional()
      .describe('Sent as JSON. A text that is one placeholder becomes the value, with its type.'),
    form: values.optional().describe('Sent as a form.'),
    text: z.string().max(valueCharactersMax).optional().describe('Sent as it is, for whatever else a service wants.'),
    type: z.string().min(3).max(200).optional().describe('The media type of the text. Usually text/plain.'),
  })
  .superRefine((parts, context) => {
    if (['json', 'form', 'text'].filter((part) => part in parts).length !== 1) {
      context.addIssue('wants exactly one of json, form and text');
    }
    if (parts.type !== undefined && parts.text === undefined)
      context.addIssue('has a type, which belongs to text alone');
  });

const answerPath = z
  .string()
  .superRefine((text, context) => {
    const compiled = compilePath(text);
    if (typeof compiled === 'string') context.addIssue(compiled);
  })
  .describe('Which part of the answer is meant, as a JSONPath such as $.slots[*].');

const say = sentence
  .superRefine((text, context) => {
    const compiled = compileSay(text);
    if (typeof compiled === 'string') context.addIssue(compiled);
  })
  .describe('What the model is told, with parts of the answer: It is {main.temp} degrees in {name}.');

const answer = z
  .strictObject({
    path: answerPath.optional(),
    say: say.optional(),
    at_most: z
      .number()
      .int()
      .min(1)
      .max(entriesMax)
      .optional()
      .describe('How many parts are told if path finds several. Usually 5.'),
  })
  .default({})
  .describe('What is given to the model of the answer. Usually all of it, cut to what can be said.');

/** The members of an entry of `kind: http`. Read by the main process, and opened in a tool process. */
export const httpFields = z
  .strictObject({
    parameters: parameterFields,
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .default('GET')
      .describe('The method of the request. Usually GET.'),
    url: z
      .string()
      .min(1)
      .max(urlCharactersMax)
      .describe('The address, with {argument} wherever the model decides: in the path, or as a value of the query.'),
    query: values
      .default({})
      .describe('Values that are added to the address. One whose argument is left out is left out.'),
    headers,
    body: body.optional().describe('What is sent. Only with POST, PUT and PATCH.'),
    hosts: hostFields,
    answer,
    not_found: sentence.optional().describe('What the model is told when there is nothing.'),
    refused: sentence.optional().describe('What the model is told when the service does not take the values.'),
    failed: sentence.optional().describe('What the model is told when the service does not answer or has a fault.'),
    retries: z
      .number()
      .int()
      .min(0)
      .max(retriesMax)
      .optional()
      .describe('Of a read: how often it is tried again after a fault of the network or the service. Usually 1.'),
    cache_seconds: z
      .number()
      .int()
      .min(0)
      .max(cacheSecondsMax)
      .optional()
      .describe('Of a read: how long an answer is kept for the same question. Usually not at all.'),
    idempotency_header: z
      .string()
      .regex(headerName, { error: 'is no name of a header' })
      .refine((name) => !ownHeaders.test(name), { error: 'is a header that the connection decides' })
      .optional()
      .describe('Of a write: the header that tells the service which wish it is, or "off". Usually Idempotency-Key.'),
    secrets: z.array(z.string()).default([]),
  })
  .superRefine((fields, context) => {
    const complain = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    complainOfUrl(fields, complain);
    complainOfPlaceholders(fields, complain);
    if (fields.body !== undefined && !['POST', 'PUT', 'PATCH'].includes(fields.method)) {
      complain(['body'], `goes with POST, PUT or PATCH, and method is ${fields.method}`);
    }
  });

/** What an entry of `kind: http` says. */
export type HttpFields = z.output<typeof httpFields>;

type FieldsToCheck = Pick<HttpFields, 'url' | 'hosts' | 'parameters' | 'query' | 'headers' | 'body'>;
type Complain = (path: PropertyKey[], message: string) => void;

function complainOfUrl({ url: text, hosts }: FieldsToCheck, complain: Complain): void {
  const template = parseUrlTemplate(text);
  if (typeof template === 'string') return complain(['url'], template);
  const fault = hostFault(new URL(template.origin), hosts);
  if (fault !== null) complain(['url'], fault);
}

function complainOfPlaceholders(
  { url, query, headers: sent, body: content, parameters }: FieldsToCheck,
  complain: Complain,
): void {
  const names = Object.keys(parameters);
  const used = new Set<string>();
  const look = (template: unknown, at: PropertyKey[]): void => {
    if (Array.isArray(template)) template.forEach((inner, index) => look(inner, [...at, index]));
    else if (typeof template === 'object' && template !== null) {
      for (const [name, inner] of Object.entries(template)) look(inner, [...at, name]);
    } else if (typeof template === 'string') {
      for (const name of placeholdersOf(template)) {
        used.add(name);
        if (!names.includes(name)) complain(at, `names {${name}}, which is not among parameters`);
      }
    }
  };
  look(url, ['url']);
  look(query, ['query']);
  look(content, ['body']);
  for (const [name, text] of Object.entries(sent)) {
    const found = placeholdersOf(text).find((placeholder) => names.includes(placeholder));
    if (found !== undefined) complain(['headers', name], `names {${found}}; a header cannot hold what the model says`);
  }
  for (const name of names.filter((each) => !used.has(each))) {
    complain(['parameters', name], `is used nowhere; write {${name}} into url, query or body`);
  }
}
