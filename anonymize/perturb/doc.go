// Package perturb adds the noise of the cell-key method to counts and magnitudes: nothing exact leaves.
//
//	persons ──► record keys ──► cell key = Σ mod 2³² ──► PRF ──► row of the perturbation table ──► noise
//
// Each person has a uniform record key that only the operator can compute. The key of a cell is the sum of its
// members' keys modulo 2³², so it adds over buckets and schools, and two cells of the same persons have the same
// key wherever they stand: in another grouping, measure, table, edition, year or study of one master key. A keyed
// function of it, and of the name of a draw, takes the noise from a row of a designed table: under one draw the same
// persons have the same noise for ever, and a cell that gained or lost one person has another. Editions of the same
// persons of whom the same is known share a draw; where one person differs, there are two (release.Register.Draw).
//
// # The table
//
// The row of a count i is the distribution of largest entropy over results from i−D to i+D with mean i and a
// variance of at most V, without the results 1 to least−1; 0 stays 0. Entropy leaves an attacker who knows V and D
// the least to learn. From i = D+least on all rows are one symmetric distribution with variance V.
//
// # Magnitudes
//
// A sum of contributions is counted in steps of a fraction s of the largest contribution m, and moves by that many
// steps and a part of one: x′ = x + s·m·(e + u), with e of the row of ⌊x/(s·m)⌋ of a table without forbidden results and
// u uniform from −½ to ½. Without u the sums that can leave lie s·m apart: who knows m and all contributions but one is
// left with a few values of that one (TestMagnitudesHaveNoLattice). Its key is that of
// the persons who bring something, with Σx and Σx²: two measures with the same contributions have the same noise,
// and two others have independent noise. A fraction left of the noise, and a result that may not leave, go to the
// number above or below by chance, so that the mean stays: what is cut off to one side adds up over cells. If one
// draw served every measure, a contribution known from elsewhere (the weeks of a term) would give the draw, and with
// it all the others.
//
// # The promise
//
// A cell tells its exact number to ±D persons, or ±s·(D+½) of its largest contribution, and no more closely than a
// standard deviation of √V persons, or s·√V of its largest contribution. Two releases that differ by one person
// show, for each set of persons that the person belongs to, a difference with variance 2V around the person's
// contribution: at V = 9 a standard error of 4.2 persons. Who averages over k different sets of one fact is left
// with √(2V/k) persons, which stays above 1, what one person can bring to a count, up to k = 2V: 18. Measures and
// tables do not count in k, since the noise of a count of a set does not depend on them (that of an amount does: who
// takes many amounts of one person together is not held to this); groupings with other sets do (grade,
// device, clusters merged otherwise) and so do further revisions in which other persons came or went. For
// magnitudes the same holds with s·√V·√(2/k) of the largest contribution, at s = 0.4 and V = 9 above the person's
// own up to k = 2.9 for the largest contributor of a cell, and far above for anybody else.
//
// Noise alone does not hide one person who changed alone: under one draw the same persons have the same noise, so the
// cells that change at all are those that the person was in. So no two releases of one draw differ by anybody, and of two draws
// every cell changes (TestOtherDaysTellNoLeaver); of the same days none leaves that differs by a few of a school. Of what it lets leave, who knows everything of the others and averages over every set and
// release is left, 95 times in 100, with more than ± 4 persons of a count, and with more than ± what a person brings
// of an amount (TestChangesStayHidden, of package anonymize).
//
// Record keys, draws and noise follow from the master key alone: a rotated salt, another purpose and a copy of
// the study draw no noise anew (TestCopiesSayTheSame, of package anonymize). Other days and another master key do, and
// count in k; of twelve months the register lets four draws leave.
//
// Sources: Fraser & Wooton 2005 (UNECE work session on statistical data confidentiality, WP 35); Thompson,
// Broadfoot & Elazar 2013 (UNECE, WP 3.1); Giessing 2016 (LNCS 9867) for the entropy; Enderle, Giessing & Tent 2020
// (LNCS 12276); the packages ptable and cellKey of sdcTools.
package perturb
