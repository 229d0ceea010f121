import { constants } from 'node:os';
import type { Env } from '../config/env.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Milliseconds between two checks whether npx has ended. */
const CHECK_MS = 500;

/** The reason why a process must stop, as fields of a log entry. */
export type Termination = { readonly signal: NodeJS.Signals } | { readonly reason: 'npx_ended' };

/**
 * Calls `stop` at the first SIGTERM or SIGINT, and keeps the process alive until the returned function is called. A
 * second signal ends the process at once.
 *
 * @param env - the environment of a command. If npx started the command, the command also stops when npx ends, because
 *   npx does not forward signals
 */
export function onTermination(stop: (why: Termination) => void, env: Env = {}): () => void {
  let stopping = false;
  const end = (why: Termination): void => {
    if (stopping) return;
    stopping = true;
    stop(why);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    end({ signal });
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const parent = process.ppid;
  const checkParent = (): void => {
    if (process.ppid !== parent) end({ reason: 'npx_ended' });
  };
  // The timer also keeps the process alive: signal listeners do not, and not every backend has a socket that does.
  const timer = env['npm_command'] === 'exec' ? setInterval(checkParent, CHECK_MS) : setInterval(() => {}, 2 ** 30);
  return () => {
    clearInterval(timer);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
