import { z } from 'zod';
import { builtInNames, type TemplateNames, templateProblems } from '../agents/context/template.ts';
import { businessHours, contextDefaults, holidayList, timeZone } from '../agents/forms.ts';
import type { Holiday, Schedule } from '../agents/hours/schedule.ts';
import { about } from './about.ts';
import { filePath, isPublic, token } from './parsers.ts';

const hours = { group: 'Hours and context' };

/** The address that is asked about each call. It may lie in a private network, since the admin names it. */
const webhookUrl = z.string().transform((text, context): string => {
  const url = URL.parse(text);
  const wants =
    'it wants https:// (http:// only for this machine), a host and a path, such as https://crm.example.com/call.';
  if (url === null || /\s/.test(text)) context.addIssue(`is not an address; ${wants}`);
  else if (url.username !== '' || url.password !== '') context.addIssue(`holds a user name or a password; ${wants}`);
  else if (url.protocol !== 'https:' && (url.protocol !== 'http:' || isPublic(text)))
    context.addIssue(`is not encrypted; ${wants}`);
  else return url.href;
  return z.NEVER;
});

/** The variables of hours and context, part of `environment`. */
export const contextVariables = {
  TIME_ZONE: timeZone.optional().register(about, {
    ...hours,
    doc: 'Where the agent is at home, such as Europe/Vienna: its clock, its calendar and its business hours. Unset: the zone of this machine.',
  }),
  BUSINESS_HOURS: businessHours.optional().register(about, {
    ...hours,
    doc: 'When the business is open: Mon-Fri 9:00-17:30; Sat 10-14. A day that is not named is closed. The agent is told, and whether it is open now.',
  }),
  HOLIDAYS: holidayList.optional().register(about, {
    ...hours,
    doc: 'Days that differ: 2026-12-24 closed Christmas Eve; 12-31 9-12. Without a year it is every year.',
  }),
  HOLIDAYS_FILE: filePath.optional().register(about, {
    ...hours,
    doc: 'Text file with these days, one to a line, instead of HOLIDAYS.',
  }),
  CONTEXT_DEFAULTS: contextDefaults.optional().register(about, {
    ...hours,
    doc: 'Values that prompt, greeting and apology may name as {{name}}, and what they are when nobody knows better: customer=our customer;plan=unknown.',
  }),
  CONTEXT_WEBHOOK: webhookUrl.optional().register(about, {
    ...hours,
    doc: 'Address that is asked for these values before a call is answered, for 1.5 s at most (docs/context.md). Unset: the defaults count.',
    secret: true,
  }),
  CONTEXT_WEBHOOK_SECRET: token.optional().register(about, {
    ...hours,
    doc: 'Signs these questions, so that your server knows that they are from Parley.',
    secret: true,
  }),
};

type Values = z.output<z.ZodObject<typeof contextVariables>>;

/** Who is asked about each call before it is answered. */
export interface ContextWebhook {
  readonly url: string;
  /** Signs the questions; null for none. */
  readonly secret: string | null;
}

/** Who is asked by these values; null for nobody. */
export function contextWebhookOf({ CONTEXT_WEBHOOK: url, CONTEXT_WEBHOOK_SECRET }: Values): ContextWebhook | null {
  return url === undefined ? null : { url, secret: CONTEXT_WEBHOOK_SECRET ?? null };
}

/** When the business is open by these values. `ofFile`: what HOLIDAYS_FILE holds. */
export function scheduleOf(values: Values, ofFile: readonly Holiday[] | null): Schedule {
  return {
    week: values.BUSINESS_HOURS ?? null,
    holidays: ofFile ?? values.HOLIDAYS ?? [],
    timeZone: values.TIME_ZONE ?? machineZone(),
  };
}

/** Hours in a zone that nobody chose: a server is mostly set to UTC, where no caller lives. */
export function timeZoneWarnings(values: Values, machine = machineZone()): string[] {
  const hasHours = values.BUSINESS_HOURS !== undefined;
  if (!hasHours || values.TIME_ZONE !== undefined || !/^(?:Etc\/)?(?:UTC|GMT)$/.test(machine)) return [];
  return [
    'BUSINESS_HOURS is set and TIME_ZONE is not, and the clock of this machine is in UTC: set TIME_ZONE to where the business is, such as Europe/Vienna.',
  ];
}

/** The prompt, and the setting that holds it or names its file. */
export interface NamedPrompt {
  readonly name: string;
  readonly text: string;
}

/** Placeholders that nothing fills. */
export function textProblems(
  values: Values & { readonly AGENT_GREETING: string; readonly AGENT_APOLOGY: string },
  prompt: NamedPrompt,
): string[] {
  const names: TemplateNames = {
    declared: [...(values.CONTEXT_DEFAULTS?.keys() ?? [])],
    builtIn: builtInNames,
    declaredIn: 'CONTEXT_DEFAULTS',
    hasHours: values.BUSINESS_HOURS !== undefined,
    hoursIn: 'BUSINESS_HOURS',
  };
  return [
    ...problemsIn(prompt.name, prompt.text, names),
    ...problemsIn('AGENT_GREETING', values.AGENT_GREETING, names),
    // The apology is also for callers of whose calls nothing is known.
    ...problemsIn('AGENT_APOLOGY', values.AGENT_APOLOGY, { ...names, builtIn: ['agent'] }),
  ];
}

function problemsIn(name: string, text: string, names: TemplateNames): string[] {
  return templateProblems(text, names).map((problem) => `${name} ${problem}`);
}

export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
