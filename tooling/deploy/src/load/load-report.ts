import { isFlat, type MemoryGrowth } from '../resident-memory.ts';
import type { McpReport } from './mcp-caller.ts';
import type { Readiness } from './readiness-watch.ts';

/** The results of a load run. */
export interface LoadReport {
  readonly broker: string;
  readonly seconds: number;
  /** Events per second of the load. */
  readonly rate: number;
  /** Outages of the broker. */
  readonly restarts: number;
  readonly sent: number;
  readonly accepted: number;
  readonly handled: number;
  /** Accepted events that the worker never handled. */
  readonly lost: number;
  /** Events that the server refused until their last retry. */
  readonly undelivered: number;
  readonly duplicates: number;
  /** Time until the server acknowledged an event. */
  readonly acknowledgedMs: { readonly p50: number; readonly p99: number };
  /** Attempts without acknowledgement by status or reason. Slack sends their events again. */
  readonly failedAttempts: Readonly<Record<string, number>>;
  readonly mcp: McpReport;
  readonly readiness: Readiness;
  readonly memoryMiB: { readonly server: MemoryGrowth; readonly worker: MemoryGrowth };
  readonly exitCodes: { readonly server: number | null; readonly worker: number | null };
  /** Descriptions of broken promises. Empty if all hold. */
  readonly complaints: readonly string[];
}

const ACKNOWLEDGED_MS = 2_500;
/** A check of the broker takes at most 2 s, and a probe may have to wait for the next check. */
const OUTAGE_MS = 3_000;
/** Clients wait between attempts to connect, and brokers need time before they serve. */
const RECOVERY_MS = 30_000;
/** Shorter runs do not show whether memory grows. */
const MEMORY_SECONDS = 120;

/** Describes each broken promise. */
export function complaintsOf(report: Omit<LoadReport, 'complaints'>): string[] {
  const { lost, undelivered, acknowledgedMs, mcp, readiness, restarts, memoryMiB, seconds, exitCodes } = report;
  const complaints: string[] = [];
  const check = (holds: boolean, complaint: string): void => {
    if (!holds) complaints.push(complaint);
  };
  check(lost === 0, `${lost} acknowledged events were never handled`);
  check(undelivered === 0, `${undelivered} events were refused until their last retry`);
  check(acknowledgedMs.p99 < ACKNOWLEDGED_MS, `the p99 of acknowledgements is ${acknowledgedMs.p99} ms`);
  check(mcp.calls > 0 && mcp.failed === 0, `${mcp.failed} of ${mcp.calls} MCP calls failed: ${mcp.failure}`);
  const { outageMs, recoveryMs, changesSeen, wrong, unanswered } = readiness;
  check(unanswered === 0, `/readyz did not answer ${unanswered} times`);
  check(wrong === 0, `/readyz was wrong ${wrong} times after it had shown the state of the broker`);
  check(changesSeen === 2 * restarts, `/readyz showed ${changesSeen} of ${2 * restarts} outages and recoveries`);
  check(outageMs <= OUTAGE_MS, `/readyz said ready for ${outageMs} ms without a broker`);
  check(recoveryMs <= RECOVERY_MS, `/readyz said not ready for ${recoveryMs} ms with a broker`);
  for (const name of ['server', 'worker'] as const) {
    const growth = memoryMiB[name];
    check(
      seconds < MEMORY_SECONDS || isFlat(growth),
      `the memory of the ${name} grew from ${growth.before} to ${growth.after} MiB`,
    );
    check(exitCodes[name] === 0, `the ${name} ended with ${exitCodes[name]}`);
  }
  return complaints;
}

/** The report as lines of a name and a value. */
export function tableOf({ complaints, ...report }: LoadReport): string {
  const { acknowledgedMs, mcp, readiness, memoryMiB, exitCodes, failedAttempts, ...counts } = report;
  const growth = ({ before, after }: MemoryGrowth): string => `${before} → ${after}`;
  const failed = Object.entries(failedAttempts).map(([reason, count]) => `${count} × ${reason}`);
  const rows: [string, string | number][] = [
    ...Object.entries(counts),
    ['failed attempts', failed.join(', ') || 0],
    ['acknowledged, p50', `${acknowledgedMs.p50} ms`],
    ['acknowledged, p99', `${acknowledgedMs.p99} ms`],
    ['MCP calls', `${mcp.calls}, ${mcp.failed} failed, p99 ${mcp.p99Ms} ms`],
    ['outage in /readyz', `after ${readiness.outageMs} ms`],
    ['recovery in /readyz', `after ${readiness.recoveryMs} ms`],
    ['wrong in /readyz', `${readiness.wrong}, ${readiness.unanswered} without an answer`],
    ['server, MiB', growth(memoryMiB.server)],
    ['worker, MiB', growth(memoryMiB.worker)],
    ['exit codes', `${exitCodes.server}, ${exitCodes.worker}`],
    ['result', complaints.length === 0 ? 'every promise held' : `${complaints.length} broken promises`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(24)}${value}`).join('\n');
}
