/** File descriptors reserved for the process's own files and for connections to a broker. */
const RESERVED = 128;

/**
 * The share of the remaining file descriptors that client connections may use. The remaining fifth of the file
 * descriptors is for connections to Slack, which the clients' calls open.
 */
const SHARE = 0.8;

/** The assumed limit of open files if the system does not report the limit. */
const USUAL_FILES = 4_096;

/** The maximum number of client connections. More connections bring no benefit. */
const MOST = 20_000;

/**
 * Returns how many client connections a server may have open, so that enough file descriptors remain for the calls to
 * Slack.
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
