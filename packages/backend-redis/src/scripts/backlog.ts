import { Script } from '../script.ts';
import { UNACKNOWLEDGED } from './unacknowledged.ts';

/**
 * Reports how many messages of a stream each group has not acknowledged. Writes nothing.
 *
 * Keys: stream, key with the counted positions. Arguments: the number of undelivered messages above which the script
 * counts them itself, even if Redis reports a lag.
 *
 * Returns for each group: its name, the number of messages in flight, the maximum number of undelivered messages, 1 if
 * the actual number of undelivered messages may be lower, and the age in milliseconds of the oldest unsettled message.
 */
export const backlogScript: Script = new Script(`${UNACKNOWLEDGED}
local stream, counted, backlog = KEYS[1], KEYS[2], {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The id of an entry begins with the time when it was added, in milliseconds.
local function age_of_oldest(group)
  local ids, pending = {}, redis.pcall('XPENDING', stream, group.name)
  -- Some users may not run XPENDING.
  if not pending.err and pending[2] then ids[1] = pending[2] end
  local next = redis.call('XRANGE', stream, '(' .. group.last, '+', 'COUNT', 1)[1]
  if next then ids[#ids + 1] = next[1] end
  local age = 0
  for _, id in ipairs(ids) do age = math.max(age, now - tonumber(string.match(id, '^%d+'))) end
  return age
end

for index, group in ipairs(groups_of(stream)) do
  local lag, uncertain = group.lag, 0
  if group.vague or group.pending + lag >= tonumber(ARGV[1]) then
    lag = count_lag(stream, counted, group, false)
    if not lag then lag, uncertain = group.lag, 1 end
  end
  backlog[index] = { group.name, group.pending, lag, uncertain, age_of_oldest(group) }
end
return backlog
`);
