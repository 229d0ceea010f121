import { Script } from '../script.ts';
import { OWED } from './owed.ts';

/**
 * Tells what the groups of a stream are owed. Writes nothing.
 *
 * Keys: stream, what was counted. Arguments: how much makes it worth counting although Redis says it.
 *
 * Returns for each group: name, how many messages are in hand, how many it was not given yet at most, whether it may be
 * fewer (1).
 */
export const backlogScript: Script = new Script(`${OWED}
local stream, counted, backlog = KEYS[1], KEYS[2], {}
for index, group in ipairs(groups_of(stream)) do
  local lag, uncertain = group.lag, 0
  if group.vague or group.pending + lag >= tonumber(ARGV[1]) then
    lag = count_lag(stream, counted, group, false)
    if not lag then lag, uncertain = group.lag, 1 end
  end
  backlog[index] = { group.name, group.pending, lag, uncertain }
end
return backlog
`);
