import { Script } from '../script.ts';

/**
 * Lua function `expire(key, lifetime)`, which sets the lifetime of a key. Redis does not roll back a script when a
 * command fails after another command has written. The scripts of the task queue try each command first on a key where
 * a failure does no harm.
 */
const EXPIRE = `
local function expire(key, lifetime)
  if lifetime ~= '' then redis.call('PEXPIRE', key, lifetime) else redis.call('PERSIST', key) end
end
`;

/**
 * Appends a message unless the queue is full, and notifies the callers that wait for a message. The script sends the
 * notification first, so that Redis refuses a user without permission before anything is stored. The callers read the
 * queue after the script has ended. Keys: queue, call. Arguments: milliseconds to remember the call, message, maximum
 * number of messages or `''`, lifetime of the queue in ms or `''`. Returns 1, or 0 if the queue is full.
 */
export const ENQUEUE: Script = new Script(`${EXPIRE}
if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
if ARGV[3] ~= '' and redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('PUBLISH', KEYS[1], '')
redis.call('SET', KEYS[2], '', 'XX', 'PX', ARGV[1])
expire(KEYS[2], ARGV[4])
redis.call('RPUSH', KEYS[1], ARGV[2])
expire(KEYS[1], ARGV[4])
redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
return 1
`);

/**
 * Moves messages from a queue to the call that takes them. The call keeps the messages until their arrival is
 * confirmed. Keys: queue, call. Arguments: lifetime of the taken messages in ms, and `first` or `all` to select the
 * messages. Returns the messages of the call.
 */
export const TAKE: Script = new Script(`
local call = redis.call('TYPE', KEYS[2]).ok
if call == 'string' then return {} end
if call == 'none' then
  -- Also fails if the key is not a list, which RENAME would accept.
  if #redis.call('LRANGE', KEYS[1], 0, 0) == 0 then return {} end
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
  if ARGV[2] == 'all' then
    redis.call('RENAME', KEYS[1], KEYS[2])
  else
    redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT')
  end
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return redis.call('LRANGE', KEYS[2], 0, -1)
`);

/**
 * Returns the messages of a call to the front of the queue. If the call itself reaches Redis later, it takes no
 * messages. Keys: queue, call. Arguments: milliseconds to remember the call, lifetime of the queue in ms or `''`.
 */
export const GIVE_BACK: Script = new Script(`${EXPIRE}
local returned = 0
redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[1])
if redis.call('TYPE', KEYS[2]).ok == 'list' then
  redis.call('PUBLISH', KEYS[1], '')
  expire(KEYS[2], ARGV[2])
  while redis.call('LMOVE', KEYS[2], KEYS[1], 'RIGHT', 'LEFT') do returned = returned + 1 end
  expire(KEYS[1], ARGV[2])
end
redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
return returned
`);

/**
 * Keeps the last 100 unreadable entries of a queue.
 * Keys: unreadable entries. Arguments: entry, lifetime in ms.
 */
export const SET_ASIDE: Script = new Script(`
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -100, -1)
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
