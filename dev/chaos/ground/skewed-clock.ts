/**
 * Loaded by Node before a program, sets the calendar of that process and of its threads ahead by `CLOCK_AHEAD_MS`, which may be negative. What
 * measures how long something takes is left alone: on a machine whose clock is wrong, that is right.
 */
const aheadMs = Number(process.env['CLOCK_AHEAD_MS'] ?? 0);
const TrueDate = globalThis.Date;
const now = (): number => TrueDate.now() + aheadMs;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + aheadMs });
