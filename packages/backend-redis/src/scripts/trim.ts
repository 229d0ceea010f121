import { UNACKNOWLEDGED } from './unacknowledged.ts';

/**
 * Lua function that trims a stream, with the functions of `UNACKNOWLEDGED` that it needs.
 *
 * `trim(stream, counted, groups, max_length, oldest)`: removes entries beyond `max_length`, and entries that every
 * group has acknowledged and that are older than `oldest` (milliseconds since the epoch; false: do not check the age).
 * The function never removes unacknowledged entries. Reading the groups and trimming are one step, so no group can be
 * created or moved back in between. Returns the number of removed entries.
 */
export const TRIM: string = `${UNACKNOWLEDGED}
local function trim(stream, counted, groups, max_length, oldest)
  local excess = redis.call('XLEN', stream) - max_length
  if excess <= 0 and not oldest then return 0 end
  local needed = '18446744073709551615-18446744073709551615'
  for _, group in ipairs(groups) do
    local first = group.last
    if group.pending > 0 then
      local entry = redis.call('XPENDING', stream, group.name, '-', '+', 1)[1]
      if entry and precedes(entry[1], first) then first = entry[1] end
    end
    if precedes(first, needed) then needed = first end
  end
  local trimmed = 0
  if excess > 0 then
    trimmed = redis.call('XTRIM', stream, 'MINID', '~', needed, 'LIMIT', excess)
  end
  if oldest and #groups > 0 then
    local cut = string.format('%.0f-0', oldest)
    if precedes(needed, cut) then cut = needed end
    trimmed = trimmed + redis.call('XTRIM', stream, 'MINID', '~', cut)
  end
  if trimmed > 0 and redis.call('EXISTS', counted) == 1 then
    redis.call('HINCRBY', counted, 'trimmed', trimmed)
  end
  return trimmed
end
`;
