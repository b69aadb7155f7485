import { holidayList, timeZone } from '../../agents/forms.ts';
import type { Holiday } from '../../agents/hours/schedule.ts';
import { usualAnnouncement } from '../../call/phone/destination.ts';
import {
  announcementProblem,
  type DestinationMeans,
  type PlannedDestination,
  type TransferDefaults,
} from './destination-schema.ts';
import { readCountry, readFallbackNumber } from './phone-numbers.ts';
import { machineZone } from '../context-variables.ts';
import { readNamedFile, type ReadTextFile } from '../named-files/named-file.ts';
import { settingPath } from '../package-folder.ts';
import { destinationsCharsMax, readDestinations, type ReadDestinations } from './read-destinations.ts';
import { readDestinationsFile } from './read-destinations-file.ts';
import { readHours } from './read-hours.ts';

/** What names destinations. */
const placeSettings = ['TRANSFER_DESTINATIONS', 'TRANSFER_DESTINATIONS_FILE'];

/** To whom callers may come, and what is wrong with the settings that say so, one sentence each. */
export interface People {
  readonly destinations: ReadonlyMap<string, PlannedDestination>;
  /** In E.164. */
  readonly fallbackNumber: string | null;
  /** What holds for destinations that do not say otherwise. */
  readonly transfers: TransferDefaults;
  readonly problems: readonly string[];
  /** The settings that name destinations, when these could not be read. */
  readonly wrongPlaces: readonly string[];
}

/** Reads who takes calls over. It looks at the texts, because a number at home wants PHONE_COUNTRY, and speaks even if others are wrong. */
export function people(
  given: ReadonlyMap<string, string>,
  holidaysOfFile: readonly Holiday[] | null,
  readTextFile: ReadTextFile,
): People {
  const country = readCountry(given.get('PHONE_COUNTRY') ?? '');
  const accept = given.get('TRANSFER_ACCEPT') === 'none' ? 'none' : 'press1';
  const announcement = given.get('TRANSFER_ANNOUNCEMENT') ?? usualAnnouncement;
  const announced = announcementProblem(announcement);
  const problems = announced === null ? [] : [`TRANSFER_ANNOUNCEMENT ${announced}`];
  const fallback = given.get('FALLBACK_DESTINATION');
  const read = fallback === undefined ? null : readFallbackNumber(fallback, country);
  if (read !== null && 'problem' in read) problems.push(`FALLBACK_DESTINATION ${read.problem}`);
  // Those that are wrong are told of where they stand.
  const holidays = holidaysOfFile ?? holidayList.safeParse(given.get('HOLIDAYS')).data ?? [];
  const zone = timeZone.safeParse(given.get('TIME_ZONE')).data ?? machineZone();
  const places = givenDestinations(given, readTextFile, {
    country,
    accept,
    announcement,
    takesMessages: given.get('FALLBACK_VOICEMAIL') === 'true',
    readHours: (value) => readHours(value, { holidays, timeZone: zone }),
  });
  if ('problems' in places) problems.push(...places.problems);
  return {
    destinations: 'destinations' in places ? places.destinations : new Map(),
    fallbackNumber: read !== null && 'number' in read ? read.number : null,
    transfers: { country, accept, announcement },
    problems,
    wrongPlaces: 'problems' in places ? placeSettings.filter((name) => given.has(name)) : [],
  };
}

/** The destinations of the setting or of its file; each problem is a whole sentence. */
function givenDestinations(
  given: ReadonlyMap<string, string>,
  readTextFile: ReadTextFile,
  means: DestinationMeans,
): ReadDestinations {
  const text = given.get('TRANSFER_DESTINATIONS');
  const file = given.get('TRANSFER_DESTINATIONS_FILE');
  if (text !== undefined) {
    const read = readDestinations(text, means);
    return 'destinations' in read
      ? read
      : { problems: read.problems.map((problem) => `TRANSFER_DESTINATIONS ${problem}`) };
  }
  if (file === undefined) return { destinations: new Map() };
  const path = settingPath(file);
  const read = readNamedFile('TRANSFER_DESTINATIONS_FILE', path, destinationsCharsMax, readTextFile);
  return 'problem' in read ? { problems: [read.problem] } : readDestinationsFile(file, read.text, means);
}
