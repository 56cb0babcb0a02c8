-- table: staff_sent, per grouping
-- reads: grouped, message_sent, person, scope_school
-- grain: one row per group and member of staff who sent a message
-- columns: grp, school_key, family_key, person_key, messages, outside, night
-- M2: when does staff write? Teachers and administration together.
SELECT
  g.grp, g.school_key, p.family_key, g.person_key,
  CAST(SUM(m.messages) AS BIGINT) AS messages,
  CAST(SUM(m.outside) AS BIGINT) AS outside,
  CAST(SUM(m.night) AS BIGINT) AS night
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile IN (:profile_teacher, :profile_admin)
JOIN scope_school AS s ON s.person_key = g.person_key AND s.mask = g.mask
JOIN message_sent AS m ON m.person_key = g.person_key AND m.school_key = s.school_key
GROUP BY g.grp, g.school_key, p.family_key, g.person_key
