-- given: core_week
-- grain: one row per week from September to June
-- columns: week_day
-- Which weeks does every complete school year have?
CREATE TABLE core_week (week_day INTEGER)
