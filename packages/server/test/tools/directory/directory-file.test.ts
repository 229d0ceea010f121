import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { openDirectoryFile } from '../../../src/tools/directory/directory-file.ts';

const CHANNELS = [
  { id: 'C0000001', name: 'general' },
  { id: 'C0000002', name: 'partner', is_ext_shared: true },
];

async function workshop() {
  const folder = await mkdtemp(join(tmpdir(), 'directory-'));
  const path = join(folder, 'names.json');
  const log = capturedLog();
  let calls = 0;
  const slack: SlackPort = {
    async call() {
      calls += 1;
      return { ok: true, channels: CHANNELS, members: [{ id: 'U0000001', name: 'alice' }] };
    },
  };
  /** A run of the server. */
  const run = (options: { identity?: string; path?: string; staleAfterMs?: number } = {}) => {
    const { identity = 'one', staleAfterMs } = options;
    const file = openDirectoryFile({ path: options.path ?? path, identity, logger: log });
    const directory = createDirectory({ slack, file, ...(staleAfterMs === undefined ? {} : { staleAfterMs }) });
    return { file, directory };
  };
  return {
    folder,
    path,
    log,
    run,
    get calls() {
      return calls;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describe('a file of names', () => {
  it('lets the next run start without calling Slack', async () => {
    await using at = await workshop();
    const first = at.run();
    await first.directory.channels.resolve('general');
    await first.directory.users.resolve('alice');
    await first.file.idle();
    expect(at.calls).toBe(2);
    const { directory } = at.run();
    expect(await directory.channels.resolve('partner')).toBe('C0000002');
    expect(await directory.users.resolve('@alice')).toBe('U0000001');
    expect(directory.channels.known('C0000002')).toMatchObject({ external: true });
    expect(at.calls).toBe(2);
  });

  it('is accessible only to its owner, and replaced as a whole', async () => {
    await using at = await workshop();
    const { directory, file } = at.run();
    await directory.channels.resolve('general');
    await file.idle();
    expect((await stat(at.path)).mode & 0o777).toBe(0o600);
    expect(await readdir(at.folder)).toEqual(['names.json']);
  });

  it('is used when it is old, and refreshed in the background', async () => {
    await using at = await workshop();
    const first = at.run();
    await first.directory.channels.resolve('general');
    await first.file.idle();
    const { directory, file } = at.run({ staleAfterMs: 0 });
    expect(await directory.channels.resolve('general')).toBe('C0000001');
    expect(directory.channels.known('C0000001')).toBeUndefined();
    await expect.poll(() => at.calls).toBe(2);
    await file.idle();
  });

  it('is not used for another workspace or token', async () => {
    await using at = await workshop();
    const first = at.run();
    await first.directory.channels.resolve('general');
    await first.file.idle();
    const { directory, file } = at.run({ identity: 'two' });
    await directory.channels.resolve('general');
    await file.idle();
    expect(at.calls).toBe(2);
    expect(at.log.lines.map(({ fields }) => fields['reason'])).toEqual(['other_workspace']);
  });

  it.each([
    ['{', 'unknown_format'],
    ['null', 'unknown_format'],
    ['[]', 'unknown_format'],
    ['{"version":1,"identity":"one","lists":{}}', 'unknown_format'],
    ['{"version":2,"identity":"one","lists":{"channel":{"readAt":1,"entries":[["C1",[1]]]}}}', 'unknown_format'],
    ['{"version":2,"identity":"one","lists":{"channel":null}}', 'unknown_format'],
  ])('is replaced instead of used if it contains %s', async (text, reason) => {
    await using at = await workshop();
    await writeFile(at.path, text, { mode: 0o600 });
    const { directory, file } = at.run();
    expect(await directory.channels.resolve('general')).toBe('C0000001');
    await file.idle();
    expect(at.log.lines.map(({ fields }) => fields['reason'])).toEqual([reason]);
    expect(JSON.parse(await readFile(at.path, 'utf8'))).toMatchObject({ version: 2, identity: 'one' });
  });

  it.each<[string, (path: string) => unknown, reason: string]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'not_a_file'],
    ['a link to a device', (path) => symlink('/dev/zero', path), 'not_a_file'],
    ['a folder', (path) => mkdir(path), 'not_a_file'],
  ])('is not read if it is %s', async (_name, make, reason) => {
    await using at = await workshop();
    await make(at.path);
    const { directory, file } = at.run();
    expect(await directory.channels.resolve('general')).toBe('C0000001');
    await file.idle();
    expect(at.log.lines[0]?.fields['reason']).toBe(reason);
  });

  it.each([0o602, 0o620, 0o660, 0o606, 0o622, 0o666])(
    'is not used if others can write to it: mode %o',
    async (mode) => {
      await using at = await workshop();
      const lists = { channel: { readAt: Date.now(), entries: [['C6666666', ['general']]] } };
      await writeFile(at.path, JSON.stringify({ version: 2, identity: 'one', lists }));
      await chmod(at.path, mode);
      expect(await at.run().directory.channels.resolve('general')).toBe('C0000001');
      expect(at.log.lines[0]?.fields['reason']).toBe('writable_by_others');
    },
  );

  it.each([0o600, 0o640, 0o644, 0o755])('is used if others can only read it: mode %o', async (mode) => {
    await using at = await workshop();
    const lists = { channel: { readAt: Date.now(), entries: [['C6666666', ['general']]] } };
    await writeFile(at.path, JSON.stringify({ version: 2, identity: 'one', lists }));
    await chmod(at.path, mode);
    expect(await at.run().directory.channels.resolve('general')).toBe('C6666666');
  });

  it('is reported if it cannot be written, and leaves no temporary file', async () => {
    await using at = await workshop();
    const path = join(at.folder, 'folder');
    await mkdir(path);
    const { directory, file } = at.run({ path });
    expect(await directory.channels.resolve('general')).toBe('C0000001');
    await file.idle();
    expect(at.log.lines.map(({ event }) => event)).toContain('slack_directory_not_kept');
    expect(await readdir(at.folder)).toEqual(['folder']);
  });
});
