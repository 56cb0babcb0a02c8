-- answer: covered
-- reads: coverage
-- grain: one row per table of the DNMA and week
-- order: "table", week_day
-- columns: table, week_day, schools, thin
-- Which weeks does each file hold, and in which was it cut?
SELECT "table", week_day, schools, thin
FROM coverage
