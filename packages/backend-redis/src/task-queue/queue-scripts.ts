import { Script } from '../script.ts';

/**
 * Lua function `expire(key, lifetime)`. Redis takes nothing back when a command is refused after another has written: the
 * scripts first do to a key that is not there, or that they may change, what they will do to the others.
 */
const EXPIRE = `
local function expire(key, lifetime)
  if lifetime ~= '' then redis.call('PEXPIRE', key, lifetime) else redis.call('PERSIST', key) end
end
`;

/**
 * Appends a message unless the queue is full, and tells those that wait for one: first, since a user who may not is to
 * be refused before anything is stored. They look once the script has ended.
 * Keys: queue, call. Arguments: milliseconds to remember the call, message, most messages or `''`, lifetime of the
 * queue in ms or `''`. Answer: 1, or 0 when it is full.
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
 * Moves messages to the call that takes them, where they stay until it is known that they arrived.
 * Keys: queue, call. Arguments: lifetime of what was taken in ms, `first` or `all`. Answer: what the call has taken.
 */
export const TAKE: Script = new Script(`
local call = redis.call('TYPE', KEYS[2]).ok
if call == 'string' then return {} end
if call == 'none' then
  -- Also fails for a key that is no list, which RENAME would take.
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
 * Puts back in front what a call has taken, and lets the call take nothing should it arrive late.
 * Keys: queue, call. Arguments: milliseconds to remember the call, lifetime of the queue in ms or `''`.
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
 * Keeps an entry that could not be read, the last 100 of a queue.
 * Keys: unreadable entries. Arguments: entry, lifetime in ms.
 */
export const SET_ASIDE: Script = new Script(`
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -100, -1)
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
