-- answer:
-- reads: equipment, people
-- args: end
-- grain: one row per person and row of the register
-- columns: release_key, has_computer, has_fixed_net, local_date
-- What equipment is each child known to have?
SELECT
  p.release_key,
  CAST(r.has_computer AS BIGINT) AS has_computer,
  CAST(r.has_fixed_net AS BIGINT) AS has_fixed_net,
  CAST(r.local_date AS BIGINT) AS local_date
FROM equipment AS r
JOIN people AS p ON p.person_key = r.child_key
WHERE r.local_date <= :end
ORDER BY p.release_key
