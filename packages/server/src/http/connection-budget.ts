/** File descriptors reserved for the process's own files and for connections to a broker. */
const RESERVED = 128;

/**
 * The share of the remaining descriptors that clients may use: each call of a client opens another connection, to
 * Slack.
 */
const SHARE = 0.8;

/** Used when the system does not report how many files a process may open. */
const USUAL_FILES = 4_096;

/** More connections than this bring no benefit. */
const MOST = 20_000;

/**
 * Returns how many client connections a server may have open, so that file descriptors remain for the calls of these
 * clients.
 */
export function connectionBudget(): number {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  // Otherwise the report resolves network interfaces and their names, which takes time.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const files = Number(userLimits?.open_files?.soft);
  const left = (Number.isFinite(files) ? files : USUAL_FILES) - RESERVED;
  return Math.max(16, Math.min(MOST, Math.floor(left * SHARE)));
}
