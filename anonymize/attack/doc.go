// Package attack measures what a released table of persons gives away, by
// attacking a twin of it. Models bound what a class tells; only an attack says
// what is left when all of it is used at once.
//
//  1. The families are cut into fifths. Five twins are released as the table itself
//     was, same policy and steps, each without one fifth. Everybody is attacked in
//     all five: as a target in the four twins that hold them, and as their own
//     control in the one that cannot hold anything of them. The two differ in nothing
//     else, so that chance does not hide a risk.
//
//  2. Attackers who know some columns of a person try the three attacks of the
//     opinion WP216 on both: singling out (a profile of the release that one
//     person alone has), linkability (two sources that hold parts of a person,
//     joined through one row), inference (a behaviour guessed from its distribution
//     among the rows that agree with what is known).
//
//  3. What succeeds with controls is knowledge of the world. Only what succeeds more
//     often with targets comes from their being in the table:
//
//     risk = (s_target − s_control) / (1 − s_control)
//
//     with an interval by a bootstrap over families, as relatives share what they do.
//
// Sources: article 29 working party, opinion 05/2014 (WP216); M. Giomi, F. Boenisch,
// C. Wehmeyer, B. Tasnádi, A Unified Framework for Quantifying Privacy Risk in
// Synthetic Data, PoPETs 2023 (2), whose attacks and risk these are.
//
// The package is pure: tables in, numbers out.
package attack
