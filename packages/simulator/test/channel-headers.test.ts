import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const channel = 'C0GENERAL1';
const item = { channel, timestamp: '1700000000.000100' };

describe('pins', () => {
  test('are added, listed newest first and removed', async () => {
    const { web } = await startSlack();
    await web.pins.add(item);
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'Pinned later' });
    await web.pins.add({ channel, timestamp: ts });
    const { items } = await web.pins.list({ channel });
    expect(items).toMatchObject([
      { type: 'message', channel, created_by: 'U0SIMULBOT', message: { text: 'Pinned later', ts } },
      { type: 'message', message: { permalink: 'https://simulator.slack.com/archives/C0GENERAL1/p1700000000000100' } },
    ]);
    await web.pins.remove(item);
    expect((await web.pins.list({ channel })).items).toHaveLength(1);
    await web.chat.delete({ channel, ts });
    expect((await web.pins.list({ channel })).items).toEqual([]);
  });

  test.each([
    ['pins.add', 'no_item_specified', { channel }],
    ['pins.add', 'bad_timestamp', { channel, timestamp: 'now' }],
    ['pins.add', 'message_not_found', { channel, timestamp: '1600000000.000000' }],
    ['pins.add', 'not_in_channel', { ...item, channel: 'C0OUTSIDE1' }],
    ['pins.add', 'channel_not_found', { ...item, channel: 'C0NOSUCH00' }],
    ['pins.remove', 'no_pin', item],
    ['pins.list', 'channel_not_found', { channel: 'C0NOSUCH00' }],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await startSlack();
    await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
  });

  test('reject a second pin, and the message of a join', async () => {
    const { slack, web } = await startSlack();
    await web.pins.add(item);
    await expect(web.pins.add(item)).rejects.toMatchObject({ data: { error: 'already_pinned' } });
    await web.conversations.join({ channel: 'C0OUTSIDE1' });
    const join = (await slack.messages('watercooler')).find(({ subtype }) => subtype === 'channel_join');
    const pin = web.pins.add({ channel: 'C0OUTSIDE1', timestamp: join?.ts ?? '' });
    await expect(pin).rejects.toMatchObject({ data: { error: 'not_pinnable' } });
  });
});

describe('bookmarks', () => {
  const link = { channel_id: channel, title: 'Runbook', type: 'link', link: 'https://example.com/runbook' } as const;

  test('are added, edited, listed and removed', async () => {
    const { web } = await startSlack();
    const { bookmark } = await web.bookmarks.add({ ...link, emoji: ':book:' });
    expect(bookmark).toMatchObject({ ...link, emoji: ':book:', date_updated: 0 });
    const at = { channel_id: channel, bookmark_id: bookmark?.id ?? '' };
    await web.bookmarks.edit({ ...at, title: 'The runbook' });
    const { bookmarks } = await web.bookmarks.list({ channel_id: channel });
    expect(bookmarks).toMatchObject([{ id: bookmark?.id, title: 'The runbook', link: link.link }]);
    await web.bookmarks.remove(at);
    expect((await web.bookmarks.list({ channel_id: channel })).bookmarks).toEqual([]);
    await expect(web.bookmarks.remove(at)).rejects.toMatchObject({ data: { error: 'not_found' } });
  });

  test.each([
    ['invalid_bookmark_type', { ...link, type: 'file' }],
    ['invalid_link', { ...link, link: 'runbook' }],
    ['invalid_link', { ...link, link: undefined }],
    ['invalid_emoji', { ...link, emoji: 'book' }],
    ['channel_not_found', { ...link, channel_id: 'C0NOSUCH00' }],
    ['invalid_arguments', { ...link, title: undefined }],
  ])('reject with %s', async (error, args) => {
    const { web } = await startSlack();
    await expect(web.apiCall('bookmarks.add', args)).rejects.toMatchObject({ data: { error } });
  });

  test('are at most 100 in a channel', async () => {
    const { web } = await startSlack();
    for (let index = 0; index < 100; index += 1) await web.bookmarks.add(link);
    await expect(web.bookmarks.add(link)).rejects.toMatchObject({ data: { error: 'too_many_bookmarks' } });
  });
});
