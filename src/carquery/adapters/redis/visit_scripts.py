"""What Redis does of a visit in one step. Source of the names in it: `keys.py`.

KEYS of those about one customer: the visit under each of its names, then the set of those who are owed something, then
what was set aside.
"""

from typing import Final

from carquery.adapters.redis.connection import Script

SAVE: Final = Script("""
local visits = #KEYS - 2
local owed, aside = KEYS[visits + 1], KEYS[visits + 2]
local stored
for i = 1, visits do stored = stored or redis.call('HGET', KEYS[i], 'version') end
if (stored or '0') ~= ARGV[1] then return 0 end
for i = 1, visits do
  redis.call('HSET', KEYS[i], 'version', ARGV[2], 'body', ARGV[3], 'owed', ARGV[5])
  redis.call('PEXPIRE', KEYS[i], ARGV[4])
end
if #ARGV > 7 and redis.call('EXISTS', aside) == 1 then redis.call('HDEL', aside, unpack(ARGV, 8)) end
if ARGV[5] ~= '' then
  redis.call('ZADD', owed, ARGV[7], ARGV[6])
  redis.call('PEXPIRE', owed, ARGV[4])
end
return 1
""")
"""ARGV: the version, the next one, the body, its life in ms, the mark, the customer, when due, the inputs it takes."""

SHOWN: Final = Script("""
local visits = #KEYS - 2
local owed, aside = KEYS[visits + 1], KEYS[visits + 2]
local stored
for i = 1, visits do stored = stored or redis.call('HGET', KEYS[i], 'version') end
local settled = (stored or '0') == ARGV[1]
for i = 1, visits do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    if ARGV[2] ~= '' then redis.call('HSET', KEYS[i], 'shown', ARGV[2]) end
    if settled then redis.call('HSET', KEYS[i], 'owed', '') end
  end
end
if settled and redis.call('EXISTS', aside) == 0 then redis.call('ZREM', owed, ARGV[3]) end
return 1
""")
"""ARGV: the version whose reply was shown (empty: none), where (empty: where the one before stood), the customer."""

SET_ASIDE: Final = Script("""
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
""")
"""KEYS: the set, what was set aside. ARGV: a life in ms, the customer, when due, then inputs and what they are."""

CLAIM: Final = Script("""
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, customer in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], customer) end
return due
""")
"""KEYS: one of the sets. ARGV: now, until when nobody else is given them, how many at most."""
