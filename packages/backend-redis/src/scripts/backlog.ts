import { Script } from '../script.ts';
import { OWED } from './owed.ts';

/**
 * Tells what the groups of a stream are owed. Writes nothing. Keys: stream, what was counted.
 *
 * Returns for each group: name, how many messages are in hand, how many it was not given yet at most, whether it may be
 * fewer (1).
 */
export const backlogScript: Script = new Script(`${OWED}
local stream, counted, backlog = KEYS[1], KEYS[2], {}
for index, group in ipairs(groups_of(stream)) do
  local lag = lag_of(stream, counted, group, false)
  backlog[index] = { group.name, group.pending, lag or redis.call('XLEN', stream), lag and 0 or 1 }
end
return backlog
`);
