import { falseOnsetsPerHour, lowerBound, type OnsetScore } from './onset-score.ts';
import { quantilesOf } from '../../figures/quantiles.ts';

/** A row of Markdown. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The head of a table whose first column is text and whose others are figures. */
export function tableHead(cells: readonly string[]): string {
  return `${tableRow(cells)}\n${tableRow(['---', ...cells.slice(1).map(() => '--:')])}`;
}

/** The share that was noticed in time, and with how many it was busy hearing a voice already: `98.2 %, 0.4 % busy`. */
export function inTimeCell({ spoken, inTime, busy }: OnsetScore): string {
  const isBusy = busy > 0 ? `, ${percent(busy, spoken)} busy` : '';
  return `${percent(inTime, spoken)}${isBusy}`;
}

/** How late onsets were told, and how many never: `60 ms, 0.2 % missed`. */
export function delayCell({ delaysMs, missed, spoken }: OnsetScore): string {
  const middle = delaysMs.length === 0 ? '-' : `${quantilesOf(delaysMs)(0.5).toFixed(0)} ms`;
  return `${middle}, ${percent(missed, spoken)} missed`;
}

/** What is at least reached with 95 % confidence, and of how many. */
export function boundCell({ spoken, inTime }: OnsetScore): string {
  return `≥ ${(100 * lowerBound(inTime, spoken)).toFixed(1)} % of ${spoken}`;
}

/** False onsets in an hour. */
export function falseCell(score: OnsetScore): string {
  return falseOnsetsPerHour(score).toFixed(0);
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(1)} %`;
}
