-- The two denominators of the grade measures: pairs, and pairs with a grade visit.
SELECT 'pairs' AS population, p.*, p.days AS day_base FROM attributed_pair AS p
UNION ALL
SELECT 'active_pairs' AS population, p.*, p.days1 AS day_base FROM attributed_pair AS p WHERE p.visits > 0
