import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const FILE = { external_id: 'doc-1', external_url: 'https://docs.example/1', title: 'Plan', filetype: 'gdoc' };

describe('files that are stored elsewhere', () => {
  test('are added, shared, listed, changed and removed', async () => {
    const { slack, web } = await startSlack();
    const { file } = await web.files.remote.add(FILE);
    expect(file).toMatchObject({ is_external: true, external_type: 'app', external_id: 'doc-1', mode: 'external' });
    await web.files.remote.share({ external_id: 'doc-1', channels: 'C0GENERAL1' });
    expect((await slack.messages('C0GENERAL1')).at(-1)).toMatchObject({ subtype: 'file_share' });
    await web.files.remote.update({ external_id: 'doc-1', title: 'Plan B' });
    const { files } = await web.files.remote.list({ channel: 'C0GENERAL1' });
    expect(files).toMatchObject([{ id: file?.id, title: 'Plan B', url_private: FILE.external_url, filetype: 'gdoc' }]);
    expect((await web.files.remote.info({ file: file?.id ?? '' })).file).toEqual(files?.[0]);
    await web.files.remote.remove({ file: file?.id ?? '' });
    expect((await web.files.remote.list({})).files).toEqual([]);
  });

  test('are listed in pages', async () => {
    const { web } = await startSlack();
    for (const external_id of ['a', 'b', 'c']) await web.files.remote.add({ ...FILE, external_id });
    const first = await web.files.remote.list({ limit: 2 });
    const second = await web.files.remote.list({ limit: 2, cursor: String(first.response_metadata?.next_cursor) });
    expect([first, second].map(({ files }) => files?.map(({ external_id }) => external_id))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
  });

  test.each([
    ['files.remote.add', 'invalid_url', { ...FILE, external_url: 'docs.example' }],
    ['files.remote.info', 'file_not_found', { external_id: 'none' }],
    ['files.remote.info', 'too_many_ids', { external_id: 'doc-1', file: 'F000000001' }],
    ['files.remote.share', 'channel_not_found', { external_id: 'doc-1', channels: 'C0NOWHERE1' }],
    ['files.remote.share', 'not_in_channel', { external_id: 'doc-1', channels: 'C0OUTSIDE1' }],
    ['files.remote.list', 'invalid_cursor', { cursor: 'x' }],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await startSlack();
    await web.files.remote.add(FILE);
    await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
  });
});
