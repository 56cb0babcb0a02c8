-- table: attributed_tool, per grouping
-- reads: account, tool
-- grain: one row per group and account with a visit
-- columns: grp, school_key, family_key, person_key, tools, messages, grades, homework, video, above, below, share
-- The tools of the accounts with a visit; share is 100 × the sum of the squared shares of the tools in the
-- visits, rounded.
SELECT t.*, CAST((t.above - MOD(t.above, t.below)) / t.below AS BIGINT) AS share
FROM (
  SELECT
    a.grp, a.school_key, a.family_key, a.person_key, t.tools, t.messages, t.grades, t.homework, t.video,
    200 * t.squares + t.visits * t.visits AS above,
    2 * t.visits * t.visits AS below
  FROM account AS a
  JOIN tool AS t ON t.person_key = a.person_key AND t.mask = a.mask
  WHERE a.population = 'active_accounts' AND a.period = 0
) AS t
