import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ConsumeOptions } from '@slack-mcp/core';
import type { ConsumerProcess } from './harness.ts';

/** Defines what a consumer process does with its messages. By default, the process keeps all messages unsettled. */
export interface ConsumerConduct {
  /** Number of messages to ack. The remaining messages stay unsettled. */
  readonly acks?: number;
  /** Number of messages to request. */
  readonly takes?: number;
  /**
   * The `n` in the payload of the message that kills the process. The process handles all messages concurrently and
   * acks all other messages.
   */
  readonly deadly?: number;
}

/** The instructions for a consumer process. */
export interface ConsumerOrders {
  readonly env: Readonly<Record<string, string>>;
  readonly consume: Omit<ConsumeOptions, 'signal'>;
  readonly conduct: ConsumerConduct;
}

/** A report of a consumer process. */
export type ConsumerReport =
  | { kind: 'ready' }
  | { kind: 'received'; n: number; messageId: string; retryCount: number; deliveryCount: number }
  | { kind: 'acked'; n: number }
  | { kind: 'failed'; reason: string };

/** A consumer in a separate process. */
export interface ConsumerChild {
  /** Resolves once the subscription is ready. Rejects if the process ends before the subscription is ready. */
  readonly ready: Promise<void>;
  readonly received: readonly { n: number; messageId: string; retryCount: number; deliveryCount: number }[];
  readonly acked: readonly number[];
  /** Resolves once the process has ended. */
  readonly exited: Promise<void>;
  /** Sends SIGKILL. Resolves once the process has ended. Idempotent. */
  kill(): Promise<void>;
}

/** Starts `consumer-main.ts` as a process and sends it the instructions. */
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
    void exited.then(() => reject(new Error(`the consumer process ended unexpectedly: ${stderr.trim()}`)));
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
