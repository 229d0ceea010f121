import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ConsumeOptions } from '@slack-mcp/core';
import type { ConsumerProcess } from './harness.ts';

/** What a consumer process does with the messages that it takes. By default it holds on to all of them. */
export interface ConsumerConduct {
  /** How many messages to ack before holding on to the others. */
  readonly acks?: number;
  /** How many messages to take before asking for no more. */
  readonly takes?: number;
  /** It handles all messages at the same time and acks them, and dies of the one with this number. */
  readonly deadly?: number;
}

/** What a consumer process is to do. */
export interface ConsumerOrders {
  readonly env: Readonly<Record<string, string>>;
  readonly consume: Omit<ConsumeOptions, 'signal'>;
  readonly conduct: ConsumerConduct;
}

/** What a consumer process reports, in order. */
export type ConsumerReport =
  | { kind: 'ready' }
  | { kind: 'received'; n: number; messageId: string; retryCount: number; deliveryCount: number }
  | { kind: 'acked'; n: number }
  | { kind: 'failed'; reason: string };

/** A consumer in a process of its own. */
export interface ConsumerChild {
  /** Resolves once its subscription is ready; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly received: readonly { n: number; messageId: string; retryCount: number; deliveryCount: number }[];
  readonly acked: readonly number[];
  /** Resolves once the process is gone. */
  readonly exited: Promise<void>;
  /** SIGKILL. Resolves once the process is gone. Idempotent. */
  kill(): Promise<void>;
}

/** Starts {@link file://./consumer-main.ts} and gives it its orders. */
export function spawnConsumerChild(consumer: ConsumerProcess, orders: ConsumerOrders): ConsumerChild {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const main = fileURLToPath(new URL(`./consumer-main.${extension}`, import.meta.url));
  const child: ChildProcess = fork(main, [], {
    execArgv: [...(consumer.execArgv ?? [])],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const received: { n: number; messageId: string; retryCount: number; deliveryCount: number }[] = [];
  const acked: number[] = [];
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2000);
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (report: ConsumerReport) => {
      if (report.kind === 'ready') resolve();
      else if (report.kind === 'received') received.push(report);
      else if (report.kind === 'acked') acked.push(report.n);
      else reject(new Error(`the consumer process failed: ${report.reason}`));
    });
    child.once('error', reject);
    void exited.then(() => reject(new Error(`the consumer process ended: ${stderr.trim()}`)));
  });
  ready.catch(() => {});
  child.send({ module: consumer.module, ...orders });
  return {
    ready,
    received,
    acked,
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
