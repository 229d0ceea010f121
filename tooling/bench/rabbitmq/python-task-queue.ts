import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installPythonPackages } from '../../test-support/src/python-packages.ts';

/** What one measurement does: message `i` belongs to task `i % tasks.length`. */
export interface TaskQueueLoad {
  readonly action: 'enqueue' | 'dequeue';
  readonly tasks: readonly string[];
  readonly count: number;
  readonly request: object;
}

/** The queue of the Python package `rabbitmq-mcp-task-queue`, in a process of its own. */
export class PythonTaskQueue implements AsyncDisposable {
  readonly #python: ReturnType<typeof spawnPython>;
  readonly #lines: AsyncIterator<string>;

  private constructor(python: ReturnType<typeof spawnPython>) {
    this.#python = python;
    this.#lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  }

  /** @throws NoPythonError - without Python 3.11, or without access to a package index */
  static async start(url: string): Promise<PythonTaskQueue> {
    const requirements = ['rabbitmq-mcp-task-queue==0.1.0', 'mcp>=1.25,<2'];
    return new PythonTaskQueue(
      spawnPython(await installPythonPackages('rabbitmq-mcp-task-queue-0.1.0', requirements), url),
    );
  }

  /** Resolves to messages per second. */
  async measure(load: TaskQueueLoad): Promise<number> {
    this.#python.stdin.write(`${JSON.stringify(load)}\n`);
    const { done, value } = await this.#lines.next();
    if (done) throw new Error('the Python process ended');
    return JSON.parse(value) as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#python, 'exit');
    this.#python.stdin.end();
    await exited;
  }
}

function spawnPython(packages: string, url: string) {
  return spawn('python3', [join(import.meta.dirname, 'task_queue_peer.py'), url], {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
