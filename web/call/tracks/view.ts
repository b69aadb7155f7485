/** The stretch of the call that is seen. */
export interface View {
  readonly fromMs: number;
  readonly spanMs: number;
}

/** A tenth of a second shows single samples of a syllable, and more there is not to see. */
const spanMsMin = 100;

/** Marks of the time axis come at times that a person counts in. */
const tickSteps = [
  10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3,
];

/** All of a call. */
export function wholeView(durationMs: number): View {
  return { fromMs: 0, spanMs: Math.max(spanMsMin, durationMs) };
}

/** Shows `factor` times as much as before, with the moment `aroundMs` at its place. */
export function zoomed(view: View, factor: number, aroundMs: number, durationMs: number): View {
  const spanMs = Math.min(Math.max(spanMsMin, durationMs), Math.max(spanMsMin, view.spanMs * factor));
  const share = (aroundMs - view.fromMs) / view.spanMs;
  return scrolledTo({ fromMs: aroundMs - share * spanMs, spanMs }, durationMs);
}

/** Moves along the call, by `byMs`. */
export function scrolled({ fromMs, spanMs }: View, byMs: number, durationMs: number): View {
  return scrolledTo({ fromMs: fromMs + byMs, spanMs }, durationMs);
}

/** Moves as little as needed to show a moment; one that is not seen comes to the left side, with a little of what was before it. */
export function showing(view: View, ms: number, durationMs: number): View {
  if (ms >= view.fromMs && ms <= view.fromMs + view.spanMs) return view;
  return scrolledTo({ fromMs: ms - view.spanMs / 10, spanMs: view.spanMs }, durationMs);
}

/** Where the time axis has its marks, in ms, with 80 pixels for each at least. */
export function ticksOf(
  { fromMs, spanMs }: View,
  widthPx: number,
): { readonly stepMs: number; readonly ticks: number[] } {
  const stepMsMin = (spanMs / Math.max(1, widthPx)) * 80;
  const stepMs = tickSteps.find((each) => each >= stepMsMin) ?? 3600e3;
  const ticks: number[] = [];
  for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= fromMs + spanMs; ms += stepMs) ticks.push(ms);
  return { stepMs, ticks };
}

/** A digit in the small letters of the time axis is 7 pixels wide in the widest of the usual fonts; 4 more lie between a mark and its time. */
const digitPx = 7;
const gapPx = 4;

/** Whether a time has room behind its mark; at the end of the axis it would be cut off, and stands before it. */
export function fitsBehind(text: string, roomPx: number): boolean {
  return text.length * digitPx + gapPx <= roomPx;
}

/** A time of the call, as in 1:02 or 1:02.35, with as many digits as the step between two times needs. */
export function timeText(ms: number, stepMs: number): string {
  const digits = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : 2;
  const unit = 10 ** digits;
  const units = Math.round((Math.max(0, ms) / 1000) * unit);
  const seconds = Math.floor(units / unit);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const text = hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
  return digits === 0 ? text : `${text}.${String(units % unit).padStart(digits, '0')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function scrolledTo({ fromMs, spanMs }: View, durationMs: number): View {
  return { fromMs: Math.min(Math.max(0, fromMs), Math.max(0, durationMs - spanMs)), spanMs };
}
