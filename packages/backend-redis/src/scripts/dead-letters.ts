import { PARKING_HEADER } from '@slack-mcp/core/backend';
import { Script } from '../script.ts';
import { WRITE_FIRST } from './first-write.ts';
import { PASS_FIELDS } from './parked-fields.ts';

/**
 * Redrives parked messages: moves the unchanged entries to the group's own stream, in one step. Each entry is deleted
 * from the dead letters last, so that no message is lost if Redis refuses a command.
 *
 * Keys: dead letters, redrive stream. Arguments: group, then ids without duplicates. Returns the number of moved
 * messages.
 */
export const redriveScript: Script = new Script(`${WRITE_FIRST}${PASS_FIELDS}
local dead, redrive = KEYS[1], KEYS[2]
local entries = {}
for index = 2, #ARGV do
  entries[#entries + 1] = redis.call('XRANGE', dead, ARGV[index], ARGV[index])[1]
end
if #entries == 0 then return 0 end
write_first(dead)
local made = redis.pcall('XGROUP', 'CREATE', redrive, ARGV[1], '0', 'MKSTREAM')
if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
for _, entry in ipairs(entries) do
  local fields = entry[2]
  -- Entries that another program wrote do not begin with the field that gives the reason.
  local first = (fields[1] == '${PARKING_HEADER}' and #fields > 2) and 3 or 1
  redis.call('XADD', redrive, '*', pass_fields(fields, first))
  redis.call('XDEL', dead, entry[1])
end
return #entries
`);
