import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Rereads messages that a consumer holds, because they are due again or because the reply that contained them was lost.
 * Skips messages of other consumers. Settles messages whose entries were deleted from the stream.
 *
 * Keys: stream, due times of delayed messages. Arguments: group, consumer, 1 to treat all messages as due regardless of
 * the stored time, ids.
 *
 * Returns for each message: id, delivery count, milliseconds until the message is due, 0, fields.
 */
export const resumeScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, due = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3] == '1'
local resumed = {}
for index = 4, #ARGV do
  local id = ARGV[index]
  local owner, count = owner_of(stream, group, id)
  if owner == me then
    local entry = redis.call('XRANGE', stream, id, id)[1]
    if entry then
      hold(stream, group, me, id, count)
      resumed[#resumed + 1] = { id, count, due and 0 or due_in(delayed, id), 0, entry[2] }
    else
      redis.call('XACK', stream, group, id)
    end
  end
end
return resumed
`);
