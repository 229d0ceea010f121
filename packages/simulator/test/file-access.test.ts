import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const ALICE = 'U0ALICE001';
const CONTENT = { type: 'markdown', markdown: 'Added' } as const;

async function start() {
  const { slack, web } = await startSlack({ userToken: 'xoxp-simulator' });
  return {
    slack,
    web,
    person: new WebClient('xoxp-simulator', { slackApiUrl: slack.url, retryConfig: { retries: 0 } }),
  };
}

describe('canvases', () => {
  test('are seen and edited by the people who have access, until it is taken away', async () => {
    const { web, person } = await start();
    const { canvas_id: canvas = '' } = await web.canvases.create({ title: 'Plan' });
    const edit = () =>
      person.canvases.edit({ canvas_id: canvas, changes: [{ operation: 'insert_at_end', document_content: CONTENT }] });
    await expect(edit()).rejects.toMatchObject({ data: { error: 'canvas_not_found' } });
    await web.canvases.access.set({ canvas_id: canvas, access_level: 'read', user_ids: [ALICE] });
    await expect(edit()).rejects.toMatchObject({ data: { error: 'restricted_action' } });
    await web.canvases.access.set({ canvas_id: canvas, access_level: 'write', user_ids: [ALICE] });
    await edit();
    await web.canvases.access.delete({ canvas_id: canvas, user_ids: [ALICE] });
    await expect(edit()).rejects.toMatchObject({ data: { error: 'canvas_not_found' } });
    await web.canvases.access.set({ canvas_id: canvas, access_level: 'read', channel_ids: ['C0GENERAL1'] });
    await expect(edit()).rejects.toMatchObject({ data: { error: 'restricted_action' } });
    await web.canvases.delete({ canvas_id: canvas });
    await expect(web.files.info({ file: canvas })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
  });

  test.each([
    ['canvases.access.set', 'invalid_parameters', { access_level: 'read' }],
    [
      'canvases.access.set',
      'invalid_parameters',
      { access_level: 'read', user_ids: [ALICE], channel_ids: ['C0GENERAL1'] },
    ],
    ['canvases.access.set', 'channel_not_found', { access_level: 'read', channel_ids: ['C0NOWHERE1'] }],
    ['canvases.access.set', 'user_not_found', { access_level: 'read', user_ids: ['U0NOBODY01'] }],
    ['canvases.access.delete', 'invalid_parameters', {}],
    ['canvases.delete', 'canvas_not_found', { canvas_id: 'F0NOWHERE1' }],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await start();
    const { canvas_id } = await web.canvases.create({ title: 'Plan' });
    await expect(web.apiCall(method, { canvas_id, ...args })).rejects.toMatchObject({ data: { error } });
  });
});

describe('lists', () => {
  test('are renamed, and lose items and access', async () => {
    const { web, person } = await start();
    const { list_id: list = '' } = (await web.apiCall('slackLists.create', { name: 'Tasks' })) as { list_id?: string };
    await web.apiCall('slackLists.access.set', { list_id: list, access_level: 'read', user_ids: [ALICE] });
    const items: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { item } = (await web.apiCall('slackLists.items.create', { list_id: list })) as { item?: { id: string } };
      items.push(item?.id ?? '');
    }
    await web.slackLists.update({ id: list, name: 'Chores', todo_mode: true });
    expect((await person.files.info({ file: list })).file).toMatchObject({ title: 'Chores' });
    await web.slackLists.items.delete({ list_id: list, id: items[0] ?? '' });
    await web.slackLists.items.deleteMultiple({ list_id: list, ids: items.slice(1, 2) });
    const left = await person.slackLists.items.list({ list_id: list });
    expect(left.items?.map(({ id }) => id)).toEqual(items.slice(2));
    await web.slackLists.access.delete({ list_id: list, user_ids: [ALICE] });
    await expect(person.slackLists.items.list({ list_id: list })).rejects.toMatchObject({
      data: { error: 'list_not_found' },
    });
  });

  test.each([
    ['slackLists.update', 'missing_arguments', {}],
    ['slackLists.items.delete', 'record_not_found', { id: 'Rec000' }],
    ['slackLists.access.delete', 'invalid_parameters', {}],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await start();
    const { list_id } = (await web.apiCall('slackLists.create', { name: 'Tasks' })) as { list_id?: string };
    const named = method === 'slackLists.update' ? { id: list_id } : { list_id };
    await expect(web.apiCall(method, { ...named, ...args })).rejects.toMatchObject({ data: { error } });
  });
});

test('files get a public link, and lose it', async () => {
  const { slack, person } = await start();
  const { id: file } = slack.workspace.uploads.files.add({
    ...{ id: 'F0NOTES001', name: 'notes.txt', content: 'x', user: ALICE, created: 1 },
  });
  const shared = await person.files.sharedPublicURL({ file });
  expect(shared.file).toMatchObject({ public_url_shared: true, permalink_public: expect.stringContaining('https://') });
  const revoked = await person.files.revokePublicURL({ file });
  expect(revoked.file).toMatchObject({ public_url_shared: false });
  expect(revoked.file).not.toHaveProperty('permalink_public');
  const unknown = person.files.sharedPublicURL({ file: 'F0NOWHERE1' });
  await expect(unknown).rejects.toMatchObject({ data: { error: 'file_not_found' } });
});

test('a bot can remove a public link, but not create one', async () => {
  const { slack, web, person } = await start();
  const notes = { id: 'F0NOTES001', name: 'notes.txt', content: 'x', user: ALICE, created: 1 };
  slack.workspace.uploads.files.add(notes).shares.push({ channel: 'C0GENERAL1', ts: '1700000000.000100' });
  await person.files.sharedPublicURL({ file: notes.id });
  const shared = web.files.sharedPublicURL({ file: notes.id });
  await expect(shared).rejects.toMatchObject({ data: { error: 'not_allowed_token_type' } });
  expect((await web.files.revokePublicURL({ file: notes.id })).file).toMatchObject({ public_url_shared: false });
});

test('search.all returns messages and files', async () => {
  const { slack, person } = await start();
  const { uploads } = slack.workspace;
  const file = { id: 'F0PLAN0001', name: 'zebra.txt', content: 'x', user: ALICE, created: 1 };
  uploads.files.add(file).shares.push({ channel: 'C0GENERAL1', ts: '1700000000.000100' });
  await slack.postMessage(ALICE, 'C0GENERAL1', 'A zebra');
  const found = await person.search.all({ query: 'zebra' });
  expect(found.messages?.matches).toMatchObject([{ text: 'A zebra' }]);
  expect(found.files?.matches).toMatchObject([{ id: file.id }]);
});

test('facts about the workspace are read', async () => {
  const { web } = await start();
  expect((await web.team.billing.info({})).plan).toBe('plus');
  expect((await web.team.preferences.list({})).allow_message_deletion).toBe(true);
  expect((await web.team.profile.get({ visibility: 'visible' })).profile).toEqual({ fields: [], sections: [] });
});
