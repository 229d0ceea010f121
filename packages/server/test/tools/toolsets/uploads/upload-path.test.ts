import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { temporaryFolder } from '../../../support/commands.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const start = (uploadFolders: readonly string[]) => startWorkspace({ host: { toolsets: ['uploads'], uploadFolders } });
const upload = (at: TestWorkspace, args: object) =>
  at.host.callTool('slack_upload_file', { channel: 'general', ...args });

/** A folder with a report, and beside it a folder with a secret. */
function folders(): { readonly allowed: string; readonly outside: string } {
  const parent = temporaryFolder();
  const [allowed, outside] = [join(parent, 'reports'), join(parent, 'reports-of-others')];
  for (const folder of [allowed, outside]) mkdirSync(folder);
  writeFileSync(join(allowed, 'report.csv'), 'a,b\n1,ü');
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  return { allowed, outside };
}

describe('slack_upload_file with a path', () => {
  it.each([
    ['an absolute path', (folder: string) => join(folder, 'report.csv')],
    ['a path in the folder', () => 'report.csv'],
  ])('shares a file with %s', async (_name, pathIn) => {
    const { allowed } = folders();
    await using at = await start([temporaryFolder(), allowed]);
    const done = output(await upload(at, { path: pathIn(allowed) }));
    expect(done).toEqual({ channel: GENERAL, file_id: expect.stringMatching(/^F/), filename: 'report.csv', bytes: 8 });
    expect(at.simulator.workspace.uploads.get(done['file_id'])?.bytes?.toString()).toBe('a,b\n1,ü');
  });

  it('shares a file under another name, and through a link inside the folders', async () => {
    const { allowed } = folders();
    symlinkSync(join(allowed, 'report.csv'), join(allowed, 'latest'));
    await using at = await start([allowed]);
    expect(output(await upload(at, { path: 'latest', filename: 'july.csv' }))).toMatchObject({ filename: 'july.csv' });
  });

  it('uploads no file unless the operator allows a folder', async () => {
    const { allowed } = folders();
    await using at = await start([]);
    const failed = failure(await upload(at, { path: join(allowed, 'report.csv') }));
    expect(failed.code).toBe('not_allowed');
    expect(failed.text).toContain('SLACK_MCP_UPLOAD_FOLDERS');
    expect(await at.simulator.calls('files.getUploadURLExternal')).toEqual([]);
  });

  it.each([
    ['outside the folders', (outside: string) => join(outside, 'secret.txt')],
    ['outside the folders by a relative path', () => '../reports-of-others/secret.txt'],
    ['that does not exist', () => 'nothing.csv'],
    ['that does not exist outside the folders', () => '/nowhere/nothing.csv'],
    ['behind a link that leads outside', () => 'link'],
    ['in a linked folder that is outside', () => 'linked/secret.txt'],
    ['that is the folder itself', () => '.'],
  ])('gives the same answer for a file %s', async (_name, pathIn) => {
    const { allowed, outside } = folders();
    symlinkSync(join(outside, 'secret.txt'), join(allowed, 'link'));
    symlinkSync(outside, join(allowed, 'linked'));
    await using at = await start([allowed]);
    const failed = failure(await upload(at, { path: pathIn(outside) }));
    expect(failed.code).toBe('file_not_found');
    expect(failed.text).toContain(`Use the path of a file in ${allowed}.`);
    expect(await at.simulator.calls('files.getUploadURLExternal')).toEqual([]);
  });

  it.each([
    ['.env', 'not_allowed'],
    ['.git/config', 'not_allowed'],
    ['folder', 'not_a_file'],
    ['pipe', 'not_a_file'],
    ['empty', 'empty_file'],
    ['large', 'file_too_large'],
  ])('refuses %s: %s', async (path, code) => {
    const { allowed } = folders();
    for (const folder of ['folder', '.git']) mkdirSync(join(allowed, folder));
    for (const file of ['.env', '.git/config', 'large']) writeFileSync(join(allowed, file), 'x');
    writeFileSync(join(allowed, 'empty'), '');
    truncateSync(join(allowed, 'large'), 50_000_001);
    execFileSync('mkfifo', [join(allowed, 'pipe')]);
    await using at = await start([allowed]);
    expect(failure(await upload(at, { path })).code).toBe(code);
    expect(await at.simulator.calls('files.getUploadURLExternal')).toEqual([]);
  });

  it.each([
    [{ path: 'report.csv', content: 'x' }, /content: .*pass one of the two/],
    [{ filename: 'report.csv' }, /content: .*pass one of the two/],
    [{ content: 'x' }, /filename: is required with content/],
  ])('rejects %j', async (args, problem) => {
    const { allowed } = folders();
    await using at = await start([allowed]);
    const failed = failure(await upload(at, args));
    expect(failed.code).toBe('invalid_arguments');
    expect(failed.text).toMatch(problem);
  });

  it('uploads nothing for a channel that is denied, and does not read the file', async () => {
    await using at = await startWorkspace({
      host: { toolsets: ['uploads'], uploadFolders: [temporaryFolder()], writeChannels: ['!general'] },
    });
    expect(failure(await upload(at, { path: 'nothing.csv' })).code).toBe('not_allowed');
  });
});
