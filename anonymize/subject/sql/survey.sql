-- table: survey
-- reads: equipment
-- args: end
-- grain: one row per child with an answer
-- columns: child_key, has_computer, has_fixed_net
-- The last answer to the equipment survey of each child, up to the end of the window; -1 no answer.
SELECT child_key, has_computer, has_fixed_net
FROM (
  SELECT
    child_key, has_computer, has_fixed_net,
    ROW_NUMBER() OVER (PARTITION BY child_key ORDER BY local_date DESC, has_computer, has_fixed_net) AS place
  FROM equipment
  WHERE local_date <= :end AND (has_computer >= 0 OR has_fixed_net >= 0)
) AS e
WHERE place = 1
