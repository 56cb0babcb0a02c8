-- answer:
-- reads: grade_opening, homework_pupil
-- grain: one row for the study
-- columns: pupil_openings, guardian_openings, pupil_homework, guardian_homework
-- Do the feeds show grades opened by pupils, and by guardians? Do they show homework looked up by both?
SELECT
  (SELECT COUNT(*) FROM grade_opening WHERE opener > 0) AS pupil_openings,
  (SELECT COUNT(*) FROM grade_opening WHERE opener = 0) AS guardian_openings,
  (SELECT COUNT(*) FROM homework_pupil WHERE own > 0) AS pupil_homework,
  (SELECT COUNT(*) FROM homework_pupil WHERE guardians > 0) AS guardian_homework
