import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../environment.ts';
import { findExecutable } from './find-executable.ts';

/**
 * Runs one task with this name at a time, across all processes of this user. The kernel holds the lock, so a process
 * that dies releases it. If the program `flock` is missing (it is part of every Linux), the task runs without a lock.
 */
export async function withMachineLock<T>(name: string, task: () => Promise<T>): Promise<T> {
  const flock = findExecutable('flock');
  if (flock === undefined) return task();
  const { cacheFolder } = readEnvironment();
  mkdirSync(cacheFolder, { recursive: true });
  const file = join(cacheFolder, `${name}.lock`);
  const holder = spawn(flock, [file, 'sh', '-c', 'echo locked; read -r _'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(holder, 'exit');
  try {
    await Promise.race([once(holder.stdout, 'data'), ended]);
    return await task();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
