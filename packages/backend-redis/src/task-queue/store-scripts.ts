import { Script } from '../script.ts';

/**
 * Stores the position of a task in the order of creation, and removes expired positions from a random sample. Each new
 * task adds one position and checks twenty, so only about 5 % of the positions are expired, even if tasks are never
 * listed. Keys: positions of all tasks, positions of the tasks of the session. Arguments: position, current time in ms,
 * maximum lifetime of the task in ms or `''`.
 */
export const ADD_POSITION: Script = new Script(`
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  redis.call('ZADD', key, 0, ARGV[1])
  if ARGV[3] == '' then
    redis.call('PERSIST', key)
  elseif left ~= -1 and left < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', key, ARGV[3])
  end
  for _, position in ipairs(redis.call('ZRANDMEMBER', key, 20)) do
    local expires = string.match(position, '^%d+:(%d+):')
    if expires and tonumber(expires) < tonumber(ARGV[2]) then redis.call('ZREM', key, position) end
  end
end
return 1
`);

/**
 * Creates a task. The script tries to set the lifetime before it stores anything, because Redis does not roll back a
 * script. Keys: task. Arguments: time to live in ms or `''`, then fields and values.
 */
export const CREATE_TASK: Script = new Script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1
`);

/**
 * Changes a task that is not in a final state. A call whose answer was lost is sent again under the same name and
 * succeeds again. The time to live restarts when the task reaches a final state. Keys: task, call. Arguments:
 * milliseconds to remember the call, session or `''`, then fields and values, starting with `status`. Returns `ok`, the
 * final status of the task, or `''` if this session has no such task.
 */
export const UPDATE_TASK: Script = new Script(`
local final = { completed = true, failed = true, cancelled = true }
if redis.call('EXISTS', KEYS[2]) == 1 then return 'ok' end
local task = redis.call('HMGET', KEYS[1], 'status', 'session', 'ttl')
if not task[1] then return '' end
if ARGV[2] ~= '' and task[2] and task[2] ~= ARGV[2] then return '' end
if final[task[1]] then return task[1] end
local life = final[ARGV[4]] and task[3]
-- Run the commands that could be refused before anything is stored.
redis.call('SET', KEYS[2], '', 'XX', 'PX', ARGV[1])
if life then redis.call('PEXPIRE', KEYS[2], life) end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
if life then redis.call('PEXPIRE', KEYS[1], life) end
redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
return 'ok'
`);
