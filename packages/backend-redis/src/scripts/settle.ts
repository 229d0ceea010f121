import { Script } from '../script.ts';
import { WRITE_FIRST } from './first-write.ts';
import { PENDING } from './pending.ts';

/**
 * Acknowledges the messages that the consumer still holds. Checking the owner and acknowledging are one step.
 *
 * Keys: stream. Arguments: group, consumer, 1 for a redrive stream, 1 if an earlier attempt may have acknowledged the
 * messages, ids. Returns the ids of the messages that the consumer has lost.
 */
export const ackScript: Script = new Script(`${PENDING}
local stream, group, me = KEYS[1], ARGV[1], ARGV[2]
local lost = {}
for index = 5, #ARGV do
  local owner = owner_of(stream, group, ARGV[index])
  if owner == me then
    settle(stream, ARGV[3] == '1', group, ARGV[index])
  elseif owner or ARGV[4] ~= '1' then
    lost[#lost + 1] = ARGV[index]
  end
end
return lost
`);

/**
 * Parks a message and settles it, if the consumer still holds it.
 *
 * Keys: stream, dead letters. Arguments: group, consumer, 1 for a redrive stream, 1 if an earlier attempt may have
 * parked the message, id, retryCount, reason as JSON, then the fields to park if the entry was deleted from the stream.
 * Returns 1 if the message was parked, 0 if the consumer has lost the message, and 2 (without changing anything) if the
 * entry was deleted and the arguments contain no fields.
 */
export const parkScript: Script = new Script(`${PENDING}
local stream, dead, group, id = KEYS[1], KEYS[2], ARGV[1], ARGV[5]
local owner = owner_of(stream, group, id)
if owner ~= ARGV[2] then return (not owner and ARGV[4] == '1') and 1 or 0 end
local entry = redis.call('XRANGE', stream, id, id)[1]
if not entry and #ARGV < 8 then return 2 end
local fields = entry and entry[2] or {}
if not entry then
  for index = 8, #ARGV do fields[index - 7] = ARGV[index] end
end
local about = string.format('{"id":"%s","retryCount":%s,"at":%.0f,"reason":%s}', id, ARGV[6], now_ms(), ARGV[7])
park(stream, ARGV[3] == '1', dead, group, id, fields, about)
return 1
`);

/**
 * Keeps a message until it is due again.
 *
 * Keys: stream, due times of delayed messages. Arguments: group, consumer, id, delivery count including this failure,
 * milliseconds until the message is due, 1 to store the due time for other members. Returns 1 if the message is kept, 0
 * if the consumer has lost the message, and 2 if its entry was deleted from the stream.
 */
export const delayScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, id = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
if owner_of(stream, group, id) ~= me then return 0 end
if not redis.call('XRANGE', stream, id, id)[1] then return 2 end
write_first(stream)
if ARGV[6] == '1' then redis.call('ZADD', delayed, now_ms() + ARGV[5], id) end
hold(stream, group, me, id, ARGV[4])
return 1
`);

/**
 * Releases messages so that any member of the group can take them. Stores the due time of messages that are due later.
 *
 * Keys: stream, due times of delayed messages. Arguments: group, consumer, the consumer that holds released messages,
 * then for each message its id, its delivery count (0: unchanged) and milliseconds until it is due. Returns the ids of
 * the messages that the consumer has lost.
 */
export const releaseScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, released = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local lost = {}
write_first(stream)
for index = 4, #ARGV, 3 do
  local id, given, due = ARGV[index], tonumber(ARGV[index + 1]), tonumber(ARGV[index + 2])
  local owner, count = owner_of(stream, group, id)
  if owner == me then
    if due > 0 then redis.call('ZADD', delayed, now_ms() + due, id) end
    hold(stream, group, released, id, given > 0 and given or count)
  elseif owner ~= released then
    lost[#lost + 1] = id
  end
end
return lost
`);

/**
 * Removes a consumer from its group if it holds no messages, because Redis would drop the pending messages of a removed
 * consumer.
 *
 * Keys: stream. Arguments: group, consumer, minimum milliseconds of silence. Returns 1 if the consumer was removed.
 */
export const leaveScript: Script = new Script(`${WRITE_FIRST}
for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for field = 1, #row, 2 do fields[row[field]] = row[field + 1] end
  if fields['name'] == ARGV[2] and fields['pending'] == 0 and fields['idle'] >= tonumber(ARGV[3]) then
    write_first(KEYS[1])
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
    return 1
  end
end
return 0
`);
