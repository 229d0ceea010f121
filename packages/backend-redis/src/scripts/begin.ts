import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Counts deliveries that begin, of what the consumer still holds.
 *
 * Keys: stream. Arguments: group, consumer, then for each message its id and its count with this delivery. Returns the ids
 * that were lost.
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
