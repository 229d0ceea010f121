/** Reports progress and decisions on standard error. */
export function progress(line: string): void {
  process.stderr.write(`[brokers] ${line}\n`);
}
