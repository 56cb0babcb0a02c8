-- The behaviours of the months of the window.
SELECT * FROM behaviour_month
