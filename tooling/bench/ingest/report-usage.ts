/** What a server has used since it started. */
export interface Usage {
  /** Processor time in microseconds. */
  readonly cpuUs: number;
  /** Resident memory in MiB. */
  readonly rssMiB: number;
}

/** Tells the parent process that the server is ready, and then answers each of its messages with the usage. */
export function reportUsage(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuUs: user + system, rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20) } satisfies Usage);
  });
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
}
