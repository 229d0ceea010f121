import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/** The script only made room: the batch is to be sent again. */
export const TRIMMED = 'trimmed';
/** The batch before is not stored: neither is this one. */
export const SKIPPED = 'skipped';
/** What the number of a message's key, and the one before it, is multiplied with. */
export const KEY_SPAN = 4_096;
export const SEQUENCE_SPAN = 128;

/**
 * Stores a batch of messages of one stream, each once: a message that comes again under the sequence number it had (its
 * answer was lost) is answered as the first time, and one whose id was claimed within the window is not stored again.
 * Claim and entry are one step: no crash leaves the one without the other. Redis takes nothing back when a command fails
 * in a script, so the entry comes first: whatever is refused, nothing is claimed that was not stored. A batch is stored
 * only behind the one that it names, so that batches can be under way together. Groups that must exist are made before
 * the first entry. When the memory is full, history that every group has acknowledged goes before a message is refused.
 *
 * Keys: stream, publisher, what was counted, then one for each message that is stored once.
 * Arguments: sequence number of the last message of the batch before, while that is under way (0: none is); of the first
 * message under way; of the first message of this batch; milliseconds for which the publisher is remembered; window;
 * most that a group may have unacknowledged; most history; oldest history to keep in milliseconds of age (-1: do not
 * look); how many messages; how many groups; their names; then for each message its sequence number less that of the
 * first, times 128, plus the index of its key (0: none), times 4096, plus how many arguments its further fields are; its
 * payload, id and time; its further fields.
 *
 * Returns two texts. The first: the places of the messages that were refused since a group would have too many
 * unacknowledged, joined by commas, and where Redis refused one, a semicolon, its place, a space and the error: neither
 * it nor those after it are stored. Or `TRIMMED`, or `SKIPPED`: nothing was stored. The second: why history was not
 * trimmed, empty when nothing failed.
 */
export const publishScript: Script = new Script(`${TRIM}
local stream, publisher, counted = KEYS[1], KEYS[2], KEYS[3]
local after, oldest_under_way, sequence = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
-- The last message that was answered, and those that were refused.
local last, full = 0, {}
for number in string.gmatch(redis.call('GET', publisher) or '', '%d+') do
  number = tonumber(number)
  if last == 0 then last = number else full[number] = true end
end
if after > 0 and last ~= after then return { '${SKIPPED}', '' } end

local groups, max_length = groups_of(stream), tonumber(ARGV[7])
-- Is refused where what follows the first entry would be, and changes nothing that matters.
local refusal = redis.pcall('SET', publisher, last, 'NX', 'PX', ARGV[4])
if type(refusal) == 'table' and refusal.err then
  local is_full = string.find(refusal.err, 'OOM', 1, true)
  if is_full and trim(stream, counted, groups, max_length, 2 ^ 53) > 0 then return { '${TRIMMED}', '' } end
  return refusal
end

local known = {}
for _, group in ipairs(groups) do known[group.name] = true end
local position = 11
for _ = 1, tonumber(ARGV[10]) do
  local name = ARGV[position]
  position = position + 1
  if not known[name] then
    redis.call('XGROUP', 'CREATE', stream, name, '0', 'MKSTREAM')
    groups[#groups + 1] = { name = name, last = '0-0', pending = 0, lag = redis.call('XLEN', stream) }
  end
end

local room = math.huge
if #groups > 0 then
  room = ARGV[6] - most_owed(stream, groups)
  if room < tonumber(ARGV[9]) then room = ARGV[6] - most_owed(stream, groups, counted) end
end
local refused, place, failure, answered = {}, 0, '', last
while ARGV[position] do
  local packed = tonumber(ARGV[position])
  local more = packed % ${KEY_SPAN}
  packed = (packed - more) / ${KEY_SPAN}
  local key = packed % ${SEQUENCE_SPAN}
  local number, claim = sequence + (packed - key) / ${SEQUENCE_SPAN}, KEYS[key]
  local is_new = number > last
  local wanted = is_new and not (claim and redis.call('EXISTS', claim) == 1)
  if full[number] or (wanted and room <= 0) then
    refused[#refused + 1] = place
    full[number] = true
  elseif wanted then
    local text, id, timestamp = ARGV[position + 1], ARGV[position + 2], ARGV[position + 3]
    local added = redis.pcall('XADD', stream, '*', 'data', text, 'slack-mcp-message-id', id, 'slack-mcp-timestamp',
      timestamp, unpack(ARGV, position + 4, position + 3 + more))
    if type(added) == 'table' then
      failure = ';' .. place .. ' ' .. added.err
      break
    end
    if claim then redis.call('SET', claim, '1', 'PX', ARGV[5]) end
    room = room - 1
  end
  if is_new then answered = number end
  place = place + 1
  position = position + 4 + more
end

local remembered = { string.format('%.0f', answered) }
for number in pairs(full) do
  if number >= oldest_under_way then remembered[#remembered + 1] = string.format('%.0f', number) end
end
redis.call('SET', publisher, table.concat(remembered, ','), 'PX', ARGV[4])

local answer = table.concat(refused, ',') .. failure
-- What is stored is stored, trimmed or not.
local trimmed, trouble = pcall(function()
  local age, oldest = tonumber(ARGV[8]), false
  if age >= 0 then oldest = redis.call('TIME')[1] * 1000 - age end
  trim(stream, counted, groups, max_length, oldest)
end)
if trimmed then return { answer, '' } end
return { answer, type(trouble) == 'table' and trouble.err or tostring(trouble) }
`);
