import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../src/index.ts';
import { startSlack } from './slack.ts';

const USER = 'xoxp-simulator';
const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;

const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [{ user: BOB, text: 'See', files: [{ id: 'F0REPORT01', name: 'report.csv', content: 'deploys,7' }] }],
  },
  {
    id: 'C0CLOSED01',
    name: 'closed',
    type: 'group' as const,
    members: [ALICE],
    messages: [{ user: ALICE, text: '', files: [{ id: 'F0PLANS001', name: 'plans.txt', content: 'deploy later' }] }],
  },
];

async function startWithFiles(options: Partial<SimulatorOptions> = {}) {
  const { slack, web } = await startSlack({ userToken: USER, seed: { channels: CHANNELS }, ...options });
  const person = new WebClient(USER, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const download = async (url: string | undefined, token: string) => {
    const answer = await fetch(String(url), { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  return { slack, web, person, download };
}

describe('files.info', () => {
  test('shows a file with the conversations that share it', async () => {
    const { web } = await startWithFiles();
    const { file } = await web.files.info({ file: 'F0REPORT01' });
    expect(file).toMatchObject({
      id: 'F0REPORT01',
      name: 'report.csv',
      mimetype: 'text/csv',
      size: 9,
      user: BOB,
      is_public: true,
      channels: ['C0OPEN0001'],
      groups: [],
      shares: { public: { C0OPEN0001: [{ ts: expect.any(String) }] }, private: {} },
    });
  });

  test('shows no file of a conversation that the caller does not see', async () => {
    const { web, person } = await startWithFiles();
    await expect(web.files.info({ file: 'F0PLANS001' })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
    expect((await person.files.info({ file: 'F0PLANS001' })).file).toMatchObject({ groups: ['C0CLOSED01'] });
    await expect(web.files.info({ file: 'F0NOWHERE1' })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
  });
});

describe('url_private', () => {
  test('returns the content to a token that sees the file, and otherwise the page for signing in', async () => {
    const { person, download } = await startWithFiles();
    const { file } = await person.files.info({ file: 'F0PLANS001' });
    expect(await download(file?.url_private, USER)).toEqual({ status: 200, type: 'text/plain', text: 'deploy later' });
    for (const token of ['xoxb-simulator', 'xoxb-other', '']) {
      expect(await download(file?.url_private, token)).toMatchObject({
        status: 200,
        type: expect.stringContaining('text/html'),
      });
    }
  });

  test('returns an uploaded file', async () => {
    const { web, download } = await startWithFiles();
    const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename: 'x.png', length: 3 });
    await fetch(String(upload_url), { method: 'POST', body: Uint8Array.of(1, 2, 3) });
    await web.files.completeUploadExternal({ channel_id: 'C0OPEN0001', files: [{ id: String(file_id) }] });
    const { file } = await web.files.info({ file: String(file_id) });
    expect(file).toMatchObject({ mimetype: 'image/png', channels: ['C0OPEN0001'], user: BOT });
    expect(await download(file?.url_private_download, 'xoxb-simulator')).toMatchObject({ type: 'image/png' });
  });
});

describe('search.files', () => {
  test('finds files by name and text in the conversations that the person sees', async () => {
    const { person } = await startWithFiles();
    const search = async (query: string) =>
      ((await person.search.files({ query })).files?.matches ?? []).map(({ id }) => id);
    expect(await search('deploy')).toEqual(['F0PLANS001', 'F0REPORT01']);
    expect(await search('report')).toEqual(['F0REPORT01']);
    expect(await search('deploy in:closed')).toEqual(['F0PLANS001']);
    expect(await search(`deploy from:<@${BOB}>`)).toEqual(['F0REPORT01']);
    const { files } = await person.search.files({ query: 'deploy', count: 1, page: 2 });
    expect(files).toMatchObject({ total: 2, matches: [{ id: 'F0REPORT01' }], paging: { pages: 2 } });
  });

  test('refuses the token of a bot', async () => {
    const { web } = await startWithFiles();
    await expect(web.search.files({ query: 'x' })).rejects.toMatchObject({
      data: { error: 'not_allowed_token_type' },
    });
  });
});
