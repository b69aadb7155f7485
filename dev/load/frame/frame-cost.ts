/** What this process has used of processors so far, in microseconds. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Long enough for the compiler to have settled. */
const warmUpTimes = 20_000;
const measuredTimes = 20_000;

/** What it takes to do something, in microseconds of CPU. It gets a number that grows by one. */
export function costUs(act: (count: number) => unknown): number {
  for (let count = 0; count < warmUpTimes; count += 1) act(count);
  const before = cpuMicroseconds();
  for (let count = 0; count < measuredTimes; count += 1) act(warmUpTimes + count);
  return (cpuMicroseconds() - before) / measuredTimes;
}
