import { readFileSync } from 'node:fs';

/** How long a process has kept a processor busy so far, in ms; in steps of ten. Needs Linux. */
export function cpuMsOf(pid: number): number {
  // The name, in brackets, may hold spaces. What follows begins with the third field; the times are the 14th and the 15th.
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** The processes that a process has started and that are there. Needs Linux. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((child) => child.trim() !== '')
    .map(Number);
}

/** How much memory a process holds, in MB. Needs Linux. */
export function memoryMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
