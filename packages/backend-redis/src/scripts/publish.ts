import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/**
 * Stores a batch of messages of one stream, once: a batch that comes again under the number it had (its answer was lost)
 * is answered as the first time, and a message whose id was claimed within the window is passed over. Claim and entry
 * are one step: no crash leaves the one without the other. Groups that must exist are made before the first entry.
 *
 * Keys: stream, publisher, then one for each message that is stored once.
 * Arguments: number of the batch, milliseconds for which it is remembered, window, most that a group may be owed, most
 * history, oldest history to keep in milliseconds of age (-1: do not look), how many groups, their names; then for each
 * message 4096 times the index of its key (0: none) plus how many arguments its further fields are; its payload, id and
 * time; its further fields.
 *
 * Returns the places of the messages that were refused since a group would be owed too much, joined by commas.
 */
export const publishScript: Script = new Script(`${TRIM}
local stream, publisher = KEYS[1], KEYS[2]
local applied = redis.call('GET', publisher)
if applied then
  local separator = string.find(applied, ':', 1, true)
  local last, number = tonumber(string.sub(applied, 1, separator - 1)), tonumber(ARGV[1])
  if number == last then return string.sub(applied, separator + 1) end
  -- A copy that the network held back: its batch was settled before the last one was sent.
  if number < last then return '' end
end

local groups = groups_of(stream)
local known, owed = {}, 0
for _, group in ipairs(groups) do
  known[group.name] = true
  owed = math.max(owed, group.pending + (group.lag or redis.call('XLEN', stream)))
end
local position = 8
for _ = 1, tonumber(ARGV[7]) do
  local name = ARGV[position]
  position = position + 1
  if not known[name] then
    redis.call('XGROUP', 'CREATE', stream, name, '0', 'MKSTREAM')
    groups[#groups + 1] = { name = name, last = '0-0', pending = 0, lag = false }
    owed = math.max(owed, redis.call('XLEN', stream))
  end
end

local room = #groups > 0 and tonumber(ARGV[4]) - owed or math.huge
local refused, place = {}, 0
while ARGV[position] do
  local packed = tonumber(ARGV[position])
  local more = packed % 4096
  local claim = KEYS[(packed - more) / 4096]
  local wanted = true
  if room > 0 then
    wanted = not claim or redis.call('SET', claim, '1', 'NX', 'PX', ARGV[3])
  elseif not claim or redis.call('EXISTS', claim) == 0 then
    wanted = false
    refused[#refused + 1] = place
  else
    wanted = false
  end
  if wanted then
    local text, id, timestamp = ARGV[position + 1], ARGV[position + 2], ARGV[position + 3]
    redis.call('XADD', stream, '*', 'data', text, 'slack-mcp-message-id', id, 'slack-mcp-timestamp', timestamp,
      unpack(ARGV, position + 4, position + 3 + more))
    room = room - 1
  end
  place = place + 1
  position = position + 4 + more
end

local age, oldest = tonumber(ARGV[6]), false
if age >= 0 then oldest = redis.call('TIME')[1] * 1000 - age end
trim(stream, groups, tonumber(ARGV[5]), oldest)
local answer = table.concat(refused, ',')
redis.call('SET', publisher, ARGV[1] .. ':' .. answer, 'PX', ARGV[2])
return answer
`);
