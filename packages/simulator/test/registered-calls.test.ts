import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const CALL = { external_unique_id: 'meeting-1', join_url: 'https://meet.example/1', title: 'Planning' };
const [ALICE, BOB] = [{ slack_id: 'U0ALICE001' }, { slack_id: 'U0BOB00001' }];

describe('calls', () => {
  test('are added, changed, joined, left and ended', async () => {
    const { web } = await startSlack();
    const { call } = await web.calls.add({ ...CALL, created_by: ALICE.slack_id, users: [ALICE] });
    const id = call?.id ?? '';
    expect(call).toMatchObject({ ...CALL, users: [ALICE] });
    await web.calls.update({ id, title: 'Planning, part 2' });
    await web.calls.participants.add({ id, users: [BOB] });
    await web.calls.participants.remove({ id, users: [ALICE] });
    expect((await web.calls.info({ id })).call).toEqual({ ...call, title: 'Planning, part 2', users: [BOB] });
    await web.calls.end({ id, duration: 60 });
    await expect(web.calls.end({ id })).rejects.toMatchObject({ data: { error: 'inactive_call' } });
  });

  test('need created_by only with the token of a bot', async () => {
    const { slack, web } = await startSlack({ userToken: 'xoxp-simulator' });
    await expect(web.calls.add(CALL)).rejects.toMatchObject({ data: { error: 'invalid_created_by' } });
    const person = new WebClient('xoxp-simulator', { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
    expect((await person.calls.add(CALL)).call).toMatchObject(CALL);
  });

  test.each([
    ['calls.info', 'invalid_call_id', { id: 'R0NOWHERE1' }],
    ['calls.participants.add', 'missing_argument', {}],
    ['calls.participants.add', 'user_not_found', { users: [{ slack_id: 'U0NOBODY01' }] }],
    ['calls.participants.add', 'bad_users', { users: [ALICE] }],
    ['calls.participants.remove', 'bad_users', { users: [BOB] }],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await startSlack();
    const { call } = await web.calls.add({ ...CALL, created_by: ALICE.slack_id, users: [ALICE] });
    await expect(web.apiCall(method, { id: call?.id, ...args })).rejects.toMatchObject({ data: { error } });
  });
});
