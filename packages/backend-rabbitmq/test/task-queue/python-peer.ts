import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process with the queue of the Python package. */
export interface PythonPeer {
  run(command: 'enqueue' | 'dequeue' | 'peek' | 'is_empty' | 'clear', task: string, message?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a Python process.
 *
 * @param packages - the folder of its packages
 */
export async function startPythonPeer(packages: string, url: string): Promise<PythonPeer> {
  const python = spawn('python3', [join(import.meta.dirname, 'python_peer.py'), url], {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(python, 'exit');
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { done, value } = await lines.next();
    if (done) throw new Error('the Python process ended');
    return JSON.parse(value);
  };
  await answer();
  return {
    run(command, task, message = {}) {
      python.stdin.write(`${JSON.stringify([command, task, message])}\n`);
      return answer();
    },
    async stop() {
      python.stdin.end();
      await exited;
    },
  };
}
