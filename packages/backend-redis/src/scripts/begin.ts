import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Stores the delivery counts of messages whose delivery begins, if the consumer still holds them.
 *
 * Keys: stream. Arguments: group, consumer, then for each message its id and its delivery count including this
 * delivery. Returns the ids of the messages that the consumer has lost.
 */
export const beginScript: Script = new Script(`${PENDING}
local stream, group, me, lost = KEYS[1], ARGV[1], ARGV[2], {}
for index = 3, #ARGV, 2 do
  local id = ARGV[index]
  if owner_of(stream, group, id) == me then
    hold(stream, group, me, id, ARGV[index + 1])
  else
    lost[#lost + 1] = id
  end
end
return lost
`);
