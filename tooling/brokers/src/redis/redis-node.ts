import { mkdirSync } from 'node:fs';
import type { BrokerNode } from '../broker.ts';
import { BrokerProcess } from '../broker-process.ts';
import { Daemon } from '../daemon.ts';
import { inContainer } from '../provision/container-engine.ts';
import type { RedisProgram } from './locate-redis.ts';
import { withRedisClient } from './redis-client.ts';

/** A Redis process. Every kind of Redis deployment runs this program with different arguments. */
export function redisDaemon(
  { server, container }: RedisProgram,
  folder: string,
  name: string,
  args: readonly string[],
): Daemon {
  const command = [server, ...args, '--bind', '127.0.0.1'];
  return new Daemon({ name, folder, command, ...(container && inContainer(container, folder, command)) });
}

/** Starts a Redis process in a shared folder. */
export async function startRedisNode(
  program: RedisProgram,
  folder: string,
  name: string,
  port: number,
  args: readonly string[],
): Promise<BrokerNode> {
  const directory = `${folder}/${name}`;
  mkdirSync(directory);
  const daemon = redisDaemon(program, folder, name, [...args, '--port', `${port}`, '--dir', directory]);
  const probe = (): Promise<unknown> => withRedisClient({ port }, (redis) => redis.ping());
  const node = new BrokerProcess({ name, port, url: `redis://127.0.0.1:${port}`, daemon, probe });
  await node.start();
  return node;
}

/** Redis answers a write only after it is on disk. */
export const durable: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
