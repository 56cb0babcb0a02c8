-- Of which measures does sums show how x is spread, beyond how many bring something?
SELECT DISTINCT measure
FROM sums
WHERE h02 + h03 + h04 + h05 + h06 + h07 + h08 + h09 + h10 + h11 + h12 + h13 + h14 + h15 > 0
ORDER BY measure
