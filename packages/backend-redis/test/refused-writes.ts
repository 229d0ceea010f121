import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis, waitFor } from '@slack-mcp/brokers';
import type { Redis } from 'ioredis';

/** Arguments of a Redis that can be made to refuse writes. */
export const REFUSABLE: readonly string[] = ['--save', '3600 100000', '--enable-protected-configs', 'yes'];

/** The name of a folder, so that no file can have it. */
const TAKEN = 'taken.rdb';

/** Starts a Redis that can be made to refuse writes, as with a full disk. */
export function startRefusableRedis(): ReturnType<typeof startRedis> {
  return startRedis({ args: REFUSABLE });
}

/** Makes Redis answer writes with MISCONF, because it failed to save. */
export async function refuseWrites(admin: Redis): Promise<void> {
  const [, dir = ''] = (await admin.config('GET', 'dir')) as string[];
  await mkdir(join(dir, TAKEN), { recursive: true });
  await writeFile(join(dir, TAKEN, 'file'), '');
  await admin.config('SET', 'dbfilename', TAKEN);
  await save(admin, 'err');
}

/** Makes Redis accept writes again. */
export async function takeWrites(admin: Redis): Promise<void> {
  const [, name] = (await admin.config('GET', 'dbfilename')) as string[];
  if (name !== TAKEN) return;
  const [, dir = ''] = (await admin.config('GET', 'dir')) as string[];
  await admin.config('SET', 'dbfilename', 'dump.rdb');
  await save(admin, 'ok');
  await rm(join(dir, TAKEN), { recursive: true, force: true });
}

async function save(admin: Redis, status: 'ok' | 'err'): Promise<void> {
  await waitFor('Redis to save', async () => {
    await admin.bgsave().catch(() => {});
    const info = await admin.info('persistence');
    return info.includes(`rdb_last_bgsave_status:${status}`) && info.includes('rdb_bgsave_in_progress:0');
  });
}
