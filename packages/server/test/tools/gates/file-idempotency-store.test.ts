import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capturedLog, hang, json, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type FileIdempotencyStore,
  type FileIdempotencyStoreOptions,
  openFileIdempotencyStore,
} from '../../../src/tools/gates/idempotency/file-idempotency-store.ts';
import { temporaryFolder } from '../../support/commands.ts';

const freshPath = (): string => join(temporaryFolder(), 'keys.jsonl');

async function reopen(
  path: string,
  options: Partial<FileIdempotencyStoreOptions> = {},
  before?: FileIdempotencyStore,
): Promise<FileIdempotencyStore> {
  await before?.close();
  const store = await openFileIdempotencyStore({ path, ...options });
  onTestFinished(() => store.close());
  return store;
}

describe('a file of idempotency keys', () => {
  it('remembers claimed, completed and released keys', async () => {
    const path = freshPath();
    let store = await reopen(path);
    expect(await store.claim('claimed', 'f1')).toBeUndefined();
    expect(await store.claim('done', 'f2')).toBeUndefined();
    await store.complete('done', { ts: '1' });
    expect(await store.claim('released', 'f3')).toBeUndefined();
    await store.release('released');
    for (let round = 0; round < 3; round += 1) {
      store = await reopen(path, {}, store);
      expect(await store.claim('claimed', 'other')).toMatchObject({ fingerprint: 'f1' });
      expect(await store.claim('done', 'other')).toMatchObject({ fingerprint: 'f2', result: { ts: '1' } });
    }
    expect(await store.claim('released', 'f4')).toBeUndefined();
  });

  it('is accessible only to its owner, and contains no key in plain text', async () => {
    const path = freshPath();
    const store = await reopen(path);
    await store.claim('deploy of the secret project', 'f');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain('secret project');
    await store.close();
    for (const mode of [0o602, 0o620, 0o622, 0o660, 0o606, 0o666]) {
      await chmod(path, mode);
      await expect(openFileIdempotencyStore({ path }), mode.toString(8)).rejects.toThrow(/written by other users/);
    }
    for (const mode of [0o600, 0o644, 0o755]) {
      await chmod(path, mode);
      await (await openFileIdempotencyStore({ path })).close();
    }
  });

  it.each([0, 1, 20, 60])('ignores an incomplete last line, cut %i bytes into the line', async (bytes) => {
    const path = freshPath();
    const store = await reopen(path);
    await store.claim('whole', 'f');
    const whole = await readFile(path, 'utf8');
    await store.close();
    await appendFile(path, whole.slice(0, bytes));
    const log = capturedLog();
    const again = await reopen(path, { logger: log });
    expect(log.lines).toEqual([]);
    expect(await again.claim('whole', 'f')).toBeDefined();
    expect(await again.claim('next', 'f')).toBeUndefined();
    await again.complete('next', { ts: '2' });
    const last = await reopen(path, {}, again);
    expect(await last.claim('next', 'f')).toMatchObject({ result: { ts: '2' } });
  });

  it('reports damage in the middle, and keeps the other lines', async () => {
    const path = freshPath();
    await writeFile(path, '{"key":"a"\nnull\n{"key":7}\n', { mode: 0o600 });
    const log = capturedLog();
    const store = await reopen(path, { logger: log });
    expect(log.lines).toMatchObject([{ event: 'idempotency_file_damaged', fields: { lines: 3 } }]);
    expect(await store.claim('a', 'f')).toBeUndefined();
  });

  it('drops no key for another one, and stays small', async () => {
    const path = freshPath();
    const store = await reopen(path, { maxKeys: 10 });
    for (let index = 0; index < 600; index += 1) {
      await store.claim(`key ${index}`, 'f');
      await store.complete(`key ${index}`, { ts: '1' });
      if (index >= 5) await store.release(`key ${index}`);
    }
    expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(1_100);
    for (let index = 0; index < 5; index += 1) expect(await store.claim(`key ${index}`, 'f')).toBeDefined();
    for (let index = 5; index < 10; index += 1) expect(await store.claim(`key ${index}`, 'f')).toBeUndefined();
    await expect(store.claim('one more', 'f')).rejects.toMatchObject({ code: 'idempotency_full' });
    const old = await reopen(path, { ttlMs: 0 }, store);
    expect(await old.claim('key 0', 'f')).toBeUndefined();
  });

  it('limits the keys of each caller across restarts, and contains none in plain text', async () => {
    const path = freshPath();
    const store = await reopen(path, { maxKeysPerCaller: 2 });
    for (const key of ['1', '2']) await store.claim(key, 'f', 'jwt:alice');
    const again = await reopen(path, { maxKeysPerCaller: 2 }, store);
    await expect(again.claim('3', 'f', 'jwt:alice')).rejects.toMatchObject({ code: 'idempotency_full' });
    expect(await again.claim('3', 'f', 'jwt:bob')).toBeUndefined();
    expect(await readFile(path, 'utf8')).not.toContain('alice');
  });

  it('accepts one of many concurrent claims', async () => {
    const store = await reopen(freshPath());
    const claims = await Promise.all(Array.from({ length: 200 }, (_, index) => store.claim(`key ${index % 20}`, 'f')));
    expect(claims.filter((claim) => claim === undefined)).toHaveLength(20);
  });

  it('is locked against a second process, and against a second store in this one', async () => {
    const path = freshPath();
    const store = await reopen(path);
    await expect(openFileIdempotencyStore({ path })).rejects.toThrow(`${path} is in use by another process`);
    await store.close();
    await reopen(path);
  });
});

describe('a partial write to the disk', () => {
  it('is removed, so that its key is free and later writes can be read', async () => {
    const path = freshPath();
    const file = fileURLToPath(new URL('./support/full-disk.ts', import.meta.url));
    // Reaching the file size limit in the middle of a line has the same effect as a full disk.
    const script = `trap '' XFSZ; ulimit -f 4; exec "$0" --conditions=@slack-mcp/source "$1" "$2"`;
    const child = spawn('bash', ['-c', script, process.execPath, file, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    expect(JSON.parse(String(line))).toEqual({ refused: 'EFBIG', again: 'taken', after: 'taken' });
    await once(child, 'exit');
    const store = await reopen(path);
    expect(await store.claim('first', 'f')).toMatchObject({ result: { text: 'Größe' } });
    expect(await store.claim('after', 'f')).toMatchObject({ fingerprint: 'f' });
    expect(await store.claim('too long', 'f')).toMatchObject({ fingerprint: 'short' });
  });
});

describe('a killed process', () => {
  async function start(path: string, apiUrl: string, key = 'deploy-42'): Promise<ChildProcess> {
    const file = fileURLToPath(new URL('./support/post-process.ts', import.meta.url));
    const args = ['--conditions=@slack-mcp/source', file, path, apiUrl, key];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  const said = async (child: ChildProcess): Promise<unknown> => {
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    return JSON.parse(String(line));
  };

  it('returns the same message again if it was killed after the confirmed post', async () => {
    await using slack = await unrulySlack(json({ ok: true, channel: 'C0GENERAL1', ts: '1700000000.000100' }));
    const path = freshPath();
    for (let round = 0; round < 2; round += 1) {
      const child = await start(path, slack.url);
      expect(await said(child)).toMatchObject({ structuredContent: { ts: '1700000000.000100' } });
      await kill(child);
    }
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  });

  it('reports an unknown outcome and does not post again if it was killed between the post and its record', async () => {
    await using slack = await unrulySlack(hang);
    const path = freshPath();
    const first = await start(path, slack.url);
    await expect.poll(() => slack.calls.length, { timeout: 30_000 }).toBe(1);
    await kill(first);
    const second = await start(path, slack.url);
    expect(await said(second)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/may have succeeded.*Check the channel/) }],
      _meta: { 'slack-mcp/error': { code: 'idempotency_uncertain' } },
    });
    expect(slack.calls).toHaveLength(1);
  });
});
