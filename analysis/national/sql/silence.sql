-- given: silence
-- grain: one row per académie and feed that stood still
-- columns: academie, feed (the column), since (first Monday without), until (first Monday with again)
-- Where and when did a feed stand still? Found from the weekly sums, outside SQL.
CREATE TABLE silence (academie VARCHAR, feed VARCHAR, since INTEGER, until INTEGER)
