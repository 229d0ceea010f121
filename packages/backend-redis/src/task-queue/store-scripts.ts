import { Script } from '../script.ts';

/**
 * Writes down where a task stands in the order of creation, and drops expired ones from a sample: a create that adds
 * one entry and looks at twenty keeps all but about a twentieth of the expired ones out, whoever lists or does not.
 * Keys: positions of all tasks, positions of those that one session may see. Arguments: position, now in ms, longest
 * life of the task in ms or `''`.
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
 * Writes a task down. What sets its life is asked before there is anything: Redis takes nothing back when it refuses.
 * Keys: task. Arguments: time to live in ms or `''`, then fields and values.
 */
export const CREATE_TASK: Script = new Script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1
`);

/**
 * Changes a task that is not final. A call whose answer was lost with the connection is sent again under its own name
 * and succeeds again. The time to live starts anew when the task becomes final.
 * Keys: task, call. Arguments: milliseconds to remember the call, session or `''`, then fields and values, `status`
 * first.
 * Answer: `ok`, the final status that stands in the way, or `''` when there is no such task for this session.
 */
export const UPDATE_TASK: Script = new Script(`
local final = { completed = true, failed = true, cancelled = true }
if redis.call('EXISTS', KEYS[2]) == 1 then return 'ok' end
local task = redis.call('HMGET', KEYS[1], 'status', 'session', 'ttl')
if not task[1] then return '' end
if ARGV[2] ~= '' and task[2] and task[2] ~= ARGV[2] then return '' end
if final[task[1]] then return task[1] end
local life = final[ARGV[4]] and task[3]
-- What would be refused below is refused here, where nothing is stored yet.
redis.call('SET', KEYS[2], '', 'XX', 'PX', ARGV[1])
if life then redis.call('PEXPIRE', KEYS[2], life) end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
if life then redis.call('PEXPIRE', KEYS[1], life) end
redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
return 'ok'
`);
