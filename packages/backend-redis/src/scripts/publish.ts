import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/** What the script says when it only made room. */
export const TRIMMED = 'trimmed';

/**
 * Stores a batch of messages of one stream, once: a batch that comes again under the number it had (its answer was lost)
 * is answered as the first time, and a message whose id was claimed within the window is passed over. Claim and entry
 * are one step: no crash leaves the one without the other. Redis takes nothing back when a command fails in a script, so
 * the entry comes first: whatever is refused, nothing is claimed that was not stored. Groups that must exist are made
 * before the first entry. When the memory is full, history that no group is owed goes before a message is refused.
 *
 * Keys: stream, publisher, what was counted, then one for each message that is stored once.
 * Arguments: number of the batch, milliseconds for which it is remembered, window, most that a group may be owed, most
 * history, oldest history to keep in milliseconds of age (-1: do not look), how many messages, how many groups, their
 * names; then for each message 4096 times the index of its key (0: none) plus how many arguments its further fields are;
 * its payload, id and time; its further fields.
 *
 * Returns two texts. The first: the places of the messages that were refused since a group would be owed too much,
 * joined by commas, and where Redis refused one, a semicolon, its place, a space and the error: neither it nor those
 * after it are stored. Or `TRIMMED`: nothing was stored, there may be room now. The second: why history was not trimmed,
 * empty when nothing failed.
 */
export const publishScript: Script = new Script(`${TRIM}
local stream, publisher, counted = KEYS[1], KEYS[2], KEYS[3]
local applied = redis.call('GET', publisher)
if applied then
  local separator = string.find(applied, ':', 1, true)
  local last, number = tonumber(string.sub(applied, 1, separator - 1)), tonumber(ARGV[1])
  if number == last then return { string.sub(applied, separator + 1), '' } end
  -- A copy that the network held back: its batch was settled before the last one was sent.
  if number < last then return { '', '' } end
end

local groups, max_length = groups_of(stream), tonumber(ARGV[5])
-- Is refused where what follows the first entry would be, and changes nothing that matters.
local refusal = redis.pcall('SET', publisher, '0:', 'NX', 'PX', ARGV[2])
if type(refusal) == 'table' and refusal.err then
  local full = string.find(refusal.err, 'OOM', 1, true)
  if full and trim(stream, counted, groups, max_length, 2 ^ 53) > 0 then return { '${TRIMMED}', '' } end
  return refusal
end

local known = {}
for _, group in ipairs(groups) do known[group.name] = true end
local position = 9
for _ = 1, tonumber(ARGV[8]) do
  local name = ARGV[position]
  position = position + 1
  if not known[name] then
    redis.call('XGROUP', 'CREATE', stream, name, '0', 'MKSTREAM')
    groups[#groups + 1] = { name = name, last = '0-0', pending = 0, lag = redis.call('XLEN', stream) }
  end
end

local room = math.huge
if #groups > 0 then
  room = ARGV[4] - most_owed(stream, groups)
  if room < tonumber(ARGV[7]) then room = ARGV[4] - most_owed(stream, groups, counted) end
end
local refused, place, failure = {}, 0, ''
while ARGV[position] do
  local packed = tonumber(ARGV[position])
  local more = packed % 4096
  local claim = KEYS[(packed - more) / 4096]
  local wanted = not claim or redis.call('EXISTS', claim) == 0
  if wanted and room <= 0 then
    refused[#refused + 1] = place
  elseif wanted then
    local text, id, timestamp = ARGV[position + 1], ARGV[position + 2], ARGV[position + 3]
    local added = redis.pcall('XADD', stream, '*', 'data', text, 'slack-mcp-message-id', id, 'slack-mcp-timestamp',
      timestamp, unpack(ARGV, position + 4, position + 3 + more))
    if type(added) == 'table' then
      failure = ';' .. place .. ' ' .. added.err
      break
    end
    if claim then redis.call('SET', claim, '1', 'PX', ARGV[3]) end
    room = room - 1
  end
  place = place + 1
  position = position + 4 + more
end

local answer = table.concat(refused, ',') .. failure
redis.call('SET', publisher, ARGV[1] .. ':' .. answer, 'PX', ARGV[2])

-- What is stored is stored, trimmed or not.
local trimmed, trouble = pcall(function()
  local age, oldest = tonumber(ARGV[6]), false
  if age >= 0 then oldest = redis.call('TIME')[1] * 1000 - age end
  trim(stream, counted, groups, max_length, oldest)
end)
if trimmed then return { answer, '' } end
return { answer, type(trouble) == 'table' and trouble.err or tostring(trouble) }
`);
