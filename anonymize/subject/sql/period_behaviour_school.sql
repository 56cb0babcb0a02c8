-- The behaviours of the window and of its months.
SELECT * FROM behaviour
UNION ALL
SELECT * FROM behaviour_month
