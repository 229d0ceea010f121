import { Script } from '../script.ts';
import { DEAD_LETTER, PASS_FIELDS } from './parked-fields.ts';

/**
 * Gives parked messages back to their group: the entry as it was goes to the group's own stream and leaves the dead
 * letters in one step, so that it is always in exactly one of them.
 *
 * Keys: dead letters, redrive stream. Arguments: group, last id to look at, most messages, ids (none: the oldest).
 * Returns how many were given back.
 */
export const redriveScript: Script = new Script(`${PASS_FIELDS}
local dead, redrive = KEYS[1], KEYS[2]
local entries = {}
if #ARGV > 3 then
  for index = 4, #ARGV do
    local entry = redis.call('XRANGE', dead, ARGV[index], ARGV[index])[1]
    if entry then entries[#entries + 1] = entry end
  end
else
  entries = redis.call('XRANGE', dead, '-', ARGV[2], 'COUNT', ARGV[3])
end
if #entries == 0 then return 0 end
redis.pcall('XGROUP', 'CREATE', redrive, ARGV[1], '0', 'MKSTREAM')
local count = 0
for _, entry in ipairs(entries) do
  local fields = entry[2]
  -- What somebody else put there has no field about why.
  local first = (fields[1] == '${DEAD_LETTER}' and #fields > 2) and 3 or 1
  if redis.call('XDEL', dead, entry[1]) == 1 then
    redis.call('XADD', redrive, '*', pass_fields(fields, first))
    count = count + 1
  end
end
return count
`);
