import { Script } from '../script.ts';
import { UNACKNOWLEDGED } from './unacknowledged.ts';

/**
 * Reports how many messages of a stream each group has not acknowledged. Writes nothing.
 *
 * Keys: stream, counted. Arguments: the number of undelivered messages above which the script counts them itself, even
 * if Redis reports a lag.
 *
 * Returns for each group: its name, the number of messages in flight, the maximum number of undelivered messages, and 1
 * if the actual number of undelivered messages may be lower.
 */
export const backlogScript: Script = new Script(`${UNACKNOWLEDGED}
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
