-- R1: who is ready at the end of the window?
SELECT
  grp, period, school_key, family_key,
  'R1.ready' AS measure, population AS population,
  CASE WHEN activated = 1 AND recent60 > 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts' AND activated >= 0
