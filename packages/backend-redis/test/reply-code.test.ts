import { describe, expect, test } from 'vitest';
import { isNoGroup, PUBLISHING, replyCode, toQueueError } from '../src/redis-error.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

const call = 'ERR Error running script (call to f_9165fbdcf9ec287ae89b3b8a27671b51ce81460d):';
const trailer = ' script: 9165fbdcf9ec287ae89b3b8a27671b51ce81460d, on @user_script:1.';

// The errors of Redis 6.2.16, Redis 7.0.15 and Valkey 8.0.1 when a command inside a script fails.
describe.each([
  [
    'WRONGTYPE',
    `${call} @user_script:1: WRONGTYPE Operation against a key holding the wrong kind of value`,
    'ERR_QUEUE_TOPOLOGY',
    false,
  ],
  ['NOGROUP', `${call} @user_script:1: NOGROUP No such key 's' or consumer group 'g'`, 'ERR_QUEUE_CONSUME', true],
  [
    'READONLY',
    `${call} @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.`,
    'ERR_QUEUE_CONNECTION',
    true,
  ],
  [
    'OOM',
    `${call} @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.`,
    'ERR_QUEUE_PUBLISH',
    true,
  ],
  ['OOM', "@user_script: 34: -OOM command not allowed when used memory > 'maxmemory'.", 'ERR_QUEUE_PUBLISH', true],
  [
    'MISCONF',
    `${call} @user_script:1: @user_script: 1: -MISCONF Errors writing to the AOF file: No space left on device`,
    'ERR_QUEUE_PUBLISH',
    true,
  ],
  [
    'NOREPLICAS',
    `${call} @user_script:1: @user_script: 1: -NOREPLICAS Not enough good replicas to write.`,
    'ERR_QUEUE_CONNECTION',
    true,
  ],
  [
    'NOPERM',
    `${call} @user_script:1: @user_script: 1: The user executing the script can't run this command or subcommand`,
    'ERR_QUEUE_AUTH',
    false,
  ],
  [
    'NOPERM',
    `ERR The user executing the script can't run this command or subcommand${trailer}`,
    'ERR_QUEUE_AUTH',
    false,
  ],
  [
    'NOPERM',
    `ERR ACL failure in script: User lim has no permissions to run the 'xadd' command${trailer}`,
    'ERR_QUEUE_AUTH',
    false,
  ],
  ['NOPERM', `ERR ACL failure in script: No permissions to access a key${trailer}`, 'ERR_QUEUE_AUTH', false],
  [
    'WRONGTYPE',
    `WRONGTYPE Operation against a key holding the wrong kind of value${trailer}`,
    'ERR_QUEUE_TOPOLOGY',
    false,
  ],
  ['ERR', `${call} @user_script:1: ERR no such key`, 'ERR_QUEUE_CONSUME', false],
])('recognizes %s of a command in a script', (code, message, expected, retryable) => {
  test(message, () => {
    expect(replyCode(reply(message))).toBe(code);
    expect(toQueueError(reply(message), 'trying', 'redis://here')).toMatchObject({ code: expected, retryable });
  });
});

test('reports an unknown reply as a failure of the operation', () => {
  const unknown = reply('ERR something new');
  expect(toQueueError(unknown, 'trying', 'redis://here', PUBLISHING)).toMatchObject({ code: 'ERR_QUEUE_PUBLISH' });
  expect(toQueueError(unknown, 'trying', 'redis://here')).toMatchObject({ code: 'ERR_QUEUE_CONSUME' });
});

// The replies of Redis 6.2 and later.
test.each(["'EVALSHA'", '`EVALSHA`', "'xrange'"])(
  'suggests a sentinel for a server that does not know %s',
  (command) => {
    const error = toQueueError(
      reply(`ERR unknown command ${command}, with args beginning with: `),
      'trying',
      'redis://here',
    );
    expect(error).toMatchObject({ code: 'ERR_QUEUE_CONFIG', message: expect.stringContaining('REDIS_SENTINELS') });
  },
);

test('distinguishes a deleted group from other failures inside a script', () => {
  const missing =
    'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';
  expect(isNoGroup(reply(`${call} @user_script:1: ERR ${missing}`))).toBe(true);
  expect(isNoGroup(reply(`${call} @user_script:1: NOGROUP No such consumer group 'g' for key name 's'`))).toBe(true);
  expect(isNoGroup(reply(`${call} @user_script:1: ERR no such key`))).toBe(false);
});

test('returns no code for an error that is not a reply', () => {
  expect(replyCode(new Error('READONLY'))).toBeUndefined();
});
