import { CommandFailure } from '../command-failure.ts';
import type { OpsClient } from './ops-client.ts';

/** What the processes answered. */
export interface Asked<T> {
  readonly answers: readonly { readonly url: string; readonly answer: T }[];
  /** Throws an error that names each process that did not answer. Call it after printing the answers. */
  throwFailures(): void;
}

/**
 * Asks all processes. If some processes fail, the answers of the others are kept, because an operator needs these
 * answers most when a process is down.
 *
 * @throws CommandFailure - no process answered
 */
export async function askAll<T>(
  clients: readonly OpsClient[],
  ask: (client: OpsClient) => Promise<T>,
): Promise<Asked<T>> {
  const settled = await Promise.allSettled(
    clients.map(async (client) => ({ url: client.url, answer: await ask(client) })),
  );
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const throwFailures = (): void => {
    if (reasons.length === 1) throw reasons[0];
    if (reasons.length > 1) throw new CommandFailure(reasons.map(({ message }) => message).join('; '), 1);
  };
  if (answers.length === 0) throwFailures();
  return { answers, throwFailures };
}
