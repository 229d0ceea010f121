import { RabbitMQTaskMessageQueue } from '../../../packages/backend-rabbitmq/src/task-queue/index.ts';
import { NoPythonError } from '../../test-support/src/python-packages.ts';
import { request } from '../../test-support/src/task-queue/messages.ts';
import type { BenchOptions } from '../bench-options.ts';
import { compare, type Measurement } from '../compare.ts';
import { inFlight } from '../load.ts';
import { PythonTaskQueue, type TaskQueueLoad } from './python-task-queue.ts';

const TASKS = 64;
const IN_FLIGHT = { enqueue: 256, dequeue: TASKS } as const;

/**
 * Compares the task queue with the Python package at the same broker: the same messages in as many tasks, each message
 * confirmed and acked by ours, neither by Python's. The Python package has one message in flight.
 */
export async function* taskQueue({ quick, rounds }: BenchOptions, url: string): AsyncGenerator<Measurement> {
  const count = quick ? 640 : 10_000;
  let python: PythonTaskQueue;
  try {
    python = await PythonTaskQueue.start(url);
  } catch (error) {
    if (!(error instanceof NoPythonError)) throw error;
    return console.error(`!! SKIPPED rabbitmq, task-queue: ${error.message}`);
  }
  await using reference = python;
  await using queue = new RabbitMQTaskMessageQueue(url);
  let round = 0;
  const load = (action: TaskQueueLoad['action']): TaskQueueLoad => {
    round += 1;
    const tasks = Array.from({ length: TASKS }, (_, index) => `bench-${round}-${index}`);
    return { action, tasks, count, request: (request(1) as { message: object }).message };
  };
  const ours = ({ action, tasks }: TaskQueueLoad): Promise<number> => {
    let next = 0;
    return inFlight(count, IN_FLIGHT[action], async () => {
      const task = tasks[next % TASKS] as string;
      next += 1;
      if (action === 'enqueue') await queue.enqueue(task, request(next));
      else if ((await queue.dequeue(task)) === undefined) throw new Error('the queue is empty');
    });
  };
  const theirs = (given: TaskQueueLoad): Promise<number> => reference.measure(given);

  for (const action of ['enqueue', 'dequeue'] as const) {
    const measure = async (side: typeof ours): Promise<number> => {
      const given = load(action);
      if (action === 'dequeue') await ours({ ...given, action: 'enqueue' });
      const rate = await side(given);
      await Promise.all(given.tasks.map((task) => queue.dequeueAll(task)));
      return rate;
    };
    yield await compare({
      ...{ bench: 'rabbitmq', rounds, metric: 'task-queue', unit: 'messages/s', better: 'more' },
      reference: `Python ${action}, 1 in flight (ours ${IN_FLIGHT[action]})`,
      ours: () => measure(ours),
      theirs: () => measure(theirs),
    });
  }
}
