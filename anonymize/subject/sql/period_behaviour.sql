-- The behaviours of the window.
SELECT * FROM behaviour
