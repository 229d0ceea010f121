/** Files that the process opens itself, and connections to a broker. */
const RESERVED = 128;

/** The part of the rest that clients may take: for each call that one of them makes there is another one to Slack. */
const SHARE = 0.8;

/** What is taken where the system does not say how many files a process may have open. */
const USUAL_FILES = 4_096;

/** Connections beyond which more are of no use. */
const MOST = 20_000;

/** How many connections a server may have open, so that there is always a file left for what it does for them. */
export function connectionBudget(): number {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  // It lists network interfaces and their names otherwise, which takes its time.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const files = Number(userLimits?.open_files?.soft);
  const left = (Number.isFinite(files) ? files : USUAL_FILES) - RESERVED;
  return Math.max(16, Math.min(MOST, Math.floor(left * SHARE)));
}
