import { z } from 'zod';

import { announcementCharsMax, usualAnnouncement } from '../../call/phone/destination.ts';
import { about } from '../about.ts';
import { country, filePath, oneOf, textUpTo, wholeNumber, yesOrNo } from '../parsers.ts';

/** About a minute of speech; nobody listens longer to a prompt. */
const sentenceCharactersMax = 1_000;

const people = { group: 'When a person must take over' };

/** The variables that say who takes calls over, and how messages are taken. */
export const peopleVariables = {
  TRANSFER_DESTINATIONS: z
    .string()
    .optional()
    .register(about, {
      ...people,
      doc: 'Where the agent may connect callers: support=+12025550100,sales=+12025550101x42, or sip:name@host, or JSON with more of each. It sees only the names.',
    }),
  TRANSFER_DESTINATIONS_FILE: filePath.optional().register(about, {
    ...people,
    doc: 'YAML or JSON file with the destinations and more of each, instead of TRANSFER_DESTINATIONS.',
  }),
  TRANSFER_ACCEPT: oneOf(['press-1', 'none'])
    .default('press-1')
    .register(about, {
      ...people,
      doc: 'What makes a transfer: press-1 when whoever answers hears who calls and why, and presses 1; none when an answer is enough, if only by a machine.',
    }),
  TRANSFER_ANNOUNCEMENT: textUpTo(announcementCharsMax)
    .default(usualAnnouncement)
    .register(about, {
      ...people,
      doc: 'What whoever answers hears, twice, spoken by Twilio. {{caller}}, {{reason}} and {{destination}} are filled in.',
    }),
  PHONE_COUNTRY: country.optional().register(about, {
    ...people,
    doc: 'Two letters of the country whose numbers may be written as at home, such as AT for 01 2345678. Unset: each number begins with + and its country.',
  }),
  FALLBACK_DESTINATION: z
    .string()
    .optional()
    .register(about, {
      ...people,
      doc: 'Number that takes the call when the agent fails. Whoever answers has the caller. Unset: the voicemail if there is one, else the end of the call.',
    }),
  FALLBACK_VOICEMAIL: yesOrNo.default('false').register(about, {
    ...people,
    doc: 'Whether the caller may leave a message when the agent fails and nobody takes the call: true or false. Twilio keeps it.',
  }),
  VOICEMAIL_PROMPT: textUpTo(sentenceCharactersMax)
    .default('Please leave a message after the tone.')
    .register(about, {
      ...people,
      doc: 'How the caller is asked for the message, after the apology.',
    }),
  VOICEMAIL_THANKS: textUpTo(sentenceCharactersMax)
    .default('Thank you. Goodbye.')
    .register(about, {
      ...people,
      doc: 'What the caller hears after the message.',
    }),
  VOICEMAIL_MAX_SECONDS: wholeNumber(5, 600)
    .default(120)
    .register(about, {
      ...people,
      doc: 'Longest message, from 5 to 600 seconds.',
    }),
};
