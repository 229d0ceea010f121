import { mkdirSync } from 'node:fs';
import { Daemon } from '../daemon.ts';
import { startDaemon } from '../owned-broker.ts';
import { inContainer } from '../provision/container-engine.ts';
import type { RedisProgram } from './locate-redis.ts';
import { withRedisClient } from './redis-client.ts';

/** One process of several that belong together. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** `undefined` while it is stopped. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, stopping it first if it runs. */
  restart(): Promise<void>;
}

/** A Redis process; all flavours of Redis are this program with other arguments. */
export function redisDaemon(
  { server, container }: RedisProgram,
  folder: string,
  name: string,
  args: readonly string[],
): Daemon {
  const command = [server, ...args, '--bind', '127.0.0.1'];
  return new Daemon({ name, folder, command, ...(container && inContainer(container, folder, command)) });
}

/** Starts a Redis process in a folder that it shares with others. */
export async function startRedisNode(
  program: RedisProgram,
  folder: string,
  name: string,
  port: number,
  args: readonly string[],
): Promise<RedisNode> {
  const directory = `${folder}/${name}`;
  mkdirSync(directory);
  const daemon = redisDaemon(program, folder, name, [...args, '--port', `${port}`, '--dir', directory]);
  const start = (): Promise<void> =>
    startDaemon({ name, daemon, probe: () => withRedisClient({ port }, (redis) => redis.ping()) });
  await start();
  return {
    host: '127.0.0.1',
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return daemon.pid;
    },
    stop: () => daemon.stop(),
    kill: () => daemon.kill(),
    async restart() {
      await daemon.stop();
      await start();
    },
  };
}

/** Every write is on disk before it is answered. */
export const durable: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
