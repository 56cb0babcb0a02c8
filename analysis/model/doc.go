// Package model fits the model that a researcher writes, "never ~ level * ips_band", to
// an edition, and says how it fits.
//
//  1. [Parse] reads the formula: a response, and terms of factors.
//  2. The names decide which table answers: a measure is read in the cells that carry its
//     factors, a curve in the life tables, a column of the person table there. Each gives
//     rows of one cluster and one combination of factors.
//  3. The rows are fitted by package stats; every error is by clusters of schools, which
//     holds the noise of the cells, as that is drawn by cluster.
//  4. A [Report] carries coefficients, joint tests, standardised means and their contrasts,
//     and the checks of the fit; [Report.Write] writes it.
//
// [Associate] lays two columns of the person table beside each other instead.
//
// Nothing is protected here: what is printed is for the secure environment, like what
// analyze prints. It obeys the same thresholds: rows come from cells of an edition, a
// combination of factors with fewer persons than a cell must hold is left out, and fewer
// than [stats.MinClusters] clusters or 12 schools give no interval.
package model
