import { statSync } from 'node:fs';
import type { AuthKey } from '../access/auth-key.ts';
import type { KeySource } from '../access/key-source.ts';

/** Milliseconds between two looks at the file. */
const INTERVAL_MS = 1_000;

/** Options of `watchKeyFile`. */
export interface KeyFileOptions {
  readonly path: string;
  /** Reads the keys that are good now. Throws where they cannot be read: those before stay good. */
  read(): readonly (string | AuthKey)[];
  /** Called with why keys cannot be read, once for each state of the file. */
  onProblem(reason: string): void;
  /** Milliseconds between two looks. Default 1000. */
  readonly intervalMs?: number;
}

/**
 * Keys from a file that is read again when it has changed: written anew, replaced, or linked to another.
 *
 * @throws what `read` throws at first
 */
export function watchKeyFile({ path, read, onProblem, intervalMs = INTERVAL_MS }: KeyFileOptions): KeySource {
  let state = stateOf(path);
  let keys = read();

  return {
    current: () => keys,
    watch: (onChange) => {
      const timer = setInterval(() => {
        const now = stateOf(path);
        if (now === state) return;
        state = now;
        try {
          keys = read();
        } catch (error) {
          onProblem((error as Error).message);
          return;
        }
        onChange();
      }, intervalMs).unref();
      return () => clearInterval(timer);
    },
  };
}

/** What changes with the file; the same for all that cannot be looked at. */
function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}
