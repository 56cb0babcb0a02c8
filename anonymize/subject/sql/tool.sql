-- table: tool, adds slice
-- reads: session, slice_scope
-- args: subject
-- grain: one row per subject scope with a visit
-- columns: person_key, mask, tools, messages, grades, homework, video, visits, squares
-- How many tools (feeds) did each subject scope of one slice meet, by purpose, and how do its visits spread
-- over them?
SELECT
  person_key, mask,
  COUNT(*) AS tools,
  CAST(SUM(messages) AS BIGINT) AS messages,
  CAST(SUM(grades) AS BIGINT) AS grades,
  CAST(SUM(homework) AS BIGINT) AS homework,
  CAST(SUM(video) AS BIGINT) AS video,
  CAST(SUM(visits) AS BIGINT) AS visits,
  CAST(SUM(visits * visits) AS BIGINT) AS squares
FROM (
  SELECT
    s.person_key, s.mask, s.feed,
    COUNT(DISTINCT s.visit) AS visits,
    MAX(CASE WHEN s.service = :service_messages THEN 1 ELSE 0 END) AS messages,
    MAX(CASE WHEN s.service = :service_grades THEN 1 ELSE 0 END) AS grades,
    MAX(CASE WHEN s.service = :service_homework THEN 1 ELSE 0 END) AS homework,
    MAX(CASE WHEN s.service = :service_video THEN 1 ELSE 0 END) AS video
  FROM session AS s
  JOIN slice_scope AS x ON x.person_key = s.person_key AND x.mask = s.mask
  WHERE x.profile = :subject
  GROUP BY s.person_key, s.mask, s.feed
) AS f
GROUP BY person_key, mask
