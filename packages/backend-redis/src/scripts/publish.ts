import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/** The result if the script only freed memory and stored nothing, so that the batch must be sent again. */
export const TRIMMED = 'trimmed';
/** The result if the batch was not stored because the previous batch has not been stored. */
export const SKIPPED = 'skipped';
/** Factors that pack several numbers of a message into one argument. See `publishScript`. */
export const KEY_SPAN = 4_096;
export const SEQUENCE_SPAN = 128;

/**
 * Stores a batch of messages in one stream, each message once. If a message is sent again with the same sequence number
 * because the reply was lost, the script returns the same result. A message whose id was stored within the dedupe
 * window is not stored again.
 *
 * The script writes the dedupe key and the entry in one step, so a crash cannot leave a dedupe key without its entry.
 * Redis does not roll back a script when a command fails, so the script writes the entry before the dedupe key. Several
 * batches can be in flight, because a batch is stored only after the previous batch that its arguments name. Missing
 * groups are created before the first entry. When the memory is full, history that every group has acknowledged is
 * trimmed before a message is refused.
 *
 * Keys: stream, key of the publisher, key with the counted positions, then the dedupe key of each message that is
 * stored once.
 *
 * Arguments:
 * 1. Sequence number of the last message of the previous batch while that batch is in flight, else 0.
 * 2. Sequence number of the first message in flight.
 * 3. Sequence number of the first message of this batch.
 * 4. Milliseconds for which the publisher is remembered.
 * 5. Dedupe window in milliseconds.
 * 6. Maximum number of unacknowledged messages of a group.
 * 7. Maximum number of acknowledged messages to keep.
 * 8. Maximum age of acknowledged messages in milliseconds, or -1 to skip this check.
 * 9. Number of messages.
 * 10. Number of groups, followed by the names of the groups.
 *
 * For each message, these arguments follow: a packed number, payload, id, time and further fields. The packed number is
 * ((sequence number of the message - sequence number of the first message) * 128 + (index of the dedupe key, or 0)) *
 * 4096 + (number of arguments of the further fields).
 *
 * Returns two strings. The first string lists, separated by commas, the indexes of the messages that were refused
 * because a group would have too many unacknowledged messages. If Redis refused a message, a semicolon, the message's
 * index, a space and the error follow; that message and all later messages of the batch are not stored. If the first
 * string is `TRIMMED` or `SKIPPED`, the script stored nothing. The second string is the error of trimming, or empty.
 */
export const publishScript: Script = new Script(`${TRIM}
local stream, publisher, counted = KEYS[1], KEYS[2], KEYS[3]
local after, oldest_under_way, sequence = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
-- The last message that was answered, and the messages that were refused.
local last, full = 0, {}
for number in string.gmatch(redis.call('GET', publisher) or '', '%d+') do
  number = tonumber(number)
  if last == 0 then last = number else full[number] = true end
end
if after > 0 and last ~= after then return { '${SKIPPED}', '' } end

local groups, max_length = groups_of(stream), tonumber(ARGV[7])
-- Fails if the commands after the first entry would fail, and changes nothing that matters.
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
  room = ARGV[6] - most_unacknowledged(stream, groups)
  if room < tonumber(ARGV[9]) then room = ARGV[6] - most_unacknowledged(stream, groups, counted) end
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
-- The messages are stored, even if trimming fails.
local trimmed, trouble = pcall(function()
  local age, oldest = tonumber(ARGV[8]), false
  if age >= 0 then oldest = redis.call('TIME')[1] * 1000 - age end
  trim(stream, counted, groups, max_length, oldest)
end)
if trimmed then return { answer, '' } end
return { answer, type(trouble) == 'table' and trouble.err or tostring(trouble) }
`);
