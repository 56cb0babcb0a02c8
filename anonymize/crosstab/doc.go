// Package crosstab makes a researcher's own table of aggregates publishable: the work
// behind `entscope protect`.
//
//	contributions, or cells with their largest contributors
//	   │ Read: dimensions with subtotals (Policy), every total as an equation
//	   ▼
//	Table ──► needs: which cells are unsafe, and how far from each nobody may come
//	   │                 (threshold, (n, k), p %: Policy.Primary)
//	   ▼
//	Suppress, Round or the noise of package perturb ──► audit: the interval in which
//	   │                 linear programming leaves each unsafe cell, for everybody and for
//	   │                 whoever contributes to a cell alone
//	   ▼
//	a folder to publish; the register of releases, whose earlier tables of the same figures
//	are protected together with this one
//
// Values are whole numbers of the last decimal that the table has, so that sums are exact.
//
// Sources: Hundepool et al., Statistical Disclosure Control, 2012, ch. 4 and 5; Fischetti &
// Salazar, Management Science 47, 2001 (cell suppression by linear programming); Kelly,
// Golden & Assad, Networks 22, 1992 (least moves); Cox, JASA 82, 1987 (controlled rounding).
package crosstab
