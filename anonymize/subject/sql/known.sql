-- answer:
-- reads: accompaniment, accounts, member, people
-- args: subject
-- grain: one row for the study
-- columns: activations, accompaniments, people, parents, pupils, staff, without_school, accounts
-- Does the directory know activation days of subjects, and is there a register of accompaniment? How many
-- persons of each kind does the directory hold, how many without a school in the window, how many accounts?
SELECT
  COUNT(CASE WHEN p.profile = :subject AND p.activated_day >= 0 THEN 1 END) AS activations,
  (SELECT COUNT(*) FROM accompaniment) AS accompaniments,
  COUNT(*) AS people,
  COUNT(CASE WHEN p.profile = :profile_parent THEN 1 END) AS parents,
  COUNT(CASE WHEN p.profile = :profile_pupil THEN 1 END) AS pupils,
  COUNT(CASE WHEN p.profile = :profile_teacher OR p.profile = :profile_admin THEN 1 END) AS staff,
  COUNT(CASE WHEN m.person_key IS NULL THEN 1 END) AS without_school,
  (SELECT COUNT(*) FROM accounts) AS accounts
FROM people AS p
LEFT JOIN (SELECT DISTINCT person_key FROM member) AS m ON m.person_key = p.person_key
