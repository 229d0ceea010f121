/** Tells the developer what takes time or was decided, on standard error. */
export function progress(line: string): void {
  process.stderr.write(`[brokers] ${line}\n`);
}
