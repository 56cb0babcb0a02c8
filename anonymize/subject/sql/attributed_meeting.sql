-- table: attributed_meeting, per grouping
-- reads: account, meetings, study
-- grain: one row per group and family invited
-- columns: grp, school_key, family_key, joined, meetings
-- C7: do families join the remote meetings they are invited to? Each at the smallest of the schools of those
-- invited.
SELECT grp, MIN(school_key) AS school_key, family_key, CAST(SUM(joined) AS BIGINT) AS joined, COUNT(*) AS meetings
FROM (
  SELECT
    a.grp, MIN(a.school_key) AS school_key, a.family_key, m.meeting_key,
    MAX(CASE WHEN m.joined = 1 THEN 1 ELSE 0 END) AS joined
  FROM account AS a
  JOIN meetings AS m ON m.person_key = a.person_key
  CROSS JOIN study AS t
  WHERE a.population = 'all_accounts' AND a.period = 0 AND m.local_date >= t.start_day AND m.local_date <= t.end_day
  GROUP BY a.grp, a.family_key, m.meeting_key
) AS f
GROUP BY grp, family_key
