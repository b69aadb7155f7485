import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { northAmericanNumber, readPhoneNumber } from '../../config/destinations/phone-numbers.ts';
import { ParleyError } from '../../errors.ts';
import { type CheckFinding, type Finding, ok, warning, wrong } from './check.ts';

/** The oldest Node that runs Parley, as `package.json` says. */
const nodeWanted =
  /"node": ">=(\d+)\.(\d+)"/.exec(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) ?? [];

/** Whether this Node runs Parley. */
export function nodeFinding(version: string): CheckFinding {
  const check = 'Node';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = nodeWanted.slice(1).map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return { check, ...ok(`${version}.`) };
  const advice = 'Run it with npm run doctor, after npm ci with a network: Node 26 comes along as a package.';
  return { check, ...wrong(`this is ${version}, and Parley needs ${wantedMajor}.${wantedMinor} or later.`, advice) };
}

/** The settings, with all that is wrong with them or probably not meant. Without settings nothing else can be checked. */
export async function readSettings(
  load: () => Promise<Config>,
  written: ReadonlyMap<string, string>,
): Promise<{ readonly config: Config | null; readonly findings: readonly CheckFinding[] }> {
  try {
    const config = await load();
    const warnings = config.warnings.map((text) =>
      warning(text, 'Change it in .env or the shell if it is not meant: docs/configuration.md.'),
    );
    return { config, findings: named(warnings.length > 0 ? warnings : [ok('each has its right form.')]) };
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    const suggestions = numberSuggestions(written);
    const problems = error.message.split('\n').map((text) => {
      const suggestion = suggestions.find(({ name }) => text.startsWith(name));
      return wrong(text, suggestion?.advice ?? (isLineOfFile.test(text) ? fileAdvice : settingAdvice));
    });
    return { config: null, findings: named(problems) };
  }
}

const settingAdvice =
  'Correct it in .env or the shell, as docs/configuration.md says. npm run setup asks for what a real call lacks.';

/** What is wrong in a file that a setting names stands at its line and column. */
const isLineOfFile = /^\S+:\d+:\d+ /;

const fileAdvice = 'Correct the line. docs/configuration.md says what the file holds.';

function named(findings: readonly Finding[]): CheckFinding[] {
  return findings.map((finding) => ({ check: 'settings', ...finding }));
}

/** Numbers that are written without their country, and what was probably meant. */
function numberSuggestions(written: ReadonlyMap<string, string>): { readonly name: string; readonly advice: string }[] {
  return ['TRANSFER_DESTINATIONS', 'FALLBACK_DESTINATION'].flatMap((name) => {
    const numbers = (written.get(name) ?? '').split(',').map((entry) => entry.slice(entry.indexOf('=') + 1).trim());
    // What is no row of digits at all, such as a SIP address or JSON, lacks something else.
    const number = numbers.find((text) => /^[\d\s()./-]+$/.test(text) && readPhoneNumber(text) === null);
    if (number === undefined) return [];
    const meant = northAmericanNumber(number);
    const advice =
      meant === null
        ? `Write ${number} with + and its country first, as in +4930901820.`
        : `${number} lacks its country: in the United States or Canada, write ${meant}.`;
    return [{ name, advice }];
  });
}
