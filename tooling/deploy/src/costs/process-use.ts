import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Microseconds of one tick of the kernel's accounting. */
const TICK_US = 10_000;
const ESTABLISHED = '01';

/** Processor time that a process and its descendants have used, in microseconds. Linux only. */
export function processorTime(pid: number): number {
  const parents = new Map<number, number>();
  const times = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${entry}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    parents.set(Number(entry), Number(fields[1]));
    times.set(Number(entry), (Number(fields[11]) + Number(fields[12])) * TICK_US);
  }
  const belongs = (id: number | undefined): boolean => id !== undefined && (id === pid || belongs(parents.get(id)));
  return [...times].filter(([id]) => belongs(id)).reduce((sum, [, time]) => sum + time, 0);
}

/** Number of TCP connections that a process keeps open to a port. Linux only. */
export function connectionsTo(pid: number, port: number): number {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1] ?? []),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6']
    .flatMap((table) => read(`/proc/${pid}/net/${table}`).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote, state, , , , , , inode]) => {
      return remote?.endsWith(`:${hex}`) === true && state === ESTABLISHED && own.has(inode ?? '');
    }).length;
}

/** Processes and their files can end while they are read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
