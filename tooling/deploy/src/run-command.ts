import { BrokerUnavailableError } from '@slack-mcp/brokers';

/** A command of this package, with the options that its arguments give. */
export interface Command<T> {
  readonly usage: string;
  /** Returns `undefined` if the arguments ask for help. Throws an error for the user if they are invalid. */
  parse(args: readonly string[]): T | undefined;
  /** Resolves with the text for standard output, and with the promises that were broken. */
  run(options: T): Promise<{ readonly output: string; readonly complaints: readonly string[] }>;
}

/** Runs a command with the arguments of the process, and resolves with the exit code. */
export async function runCommand<T>({ usage, parse, run }: Command<T>): Promise<number> {
  let options: T | undefined;
  try {
    options = parse(process.argv.slice(2).filter((argument) => argument !== '--'));
  } catch (error) {
    progress(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === undefined) {
    await print(usage);
    return 0;
  }
  try {
    const { output, complaints } = await run(options);
    for (const complaint of complaints) progress(`FAILED ${complaint}`);
    await print(output);
    return complaints.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError)) throw error;
    progress(error.message);
    return 1;
  }
}

/** Writes a line to standard error. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when the text is written. */
function print(text: string): Promise<unknown> {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
}
