// Package kanon makes a table k-anonymous with the least loss of information,
// and proves that nothing less would do. It is pure: tables in, tables out, no
// file and no clock.
//
// The way through it:
//
//  1. A Table is columns of coded texts and the protected units (account,
//     child, family) that each row belongs to. A Policy names the
//     quasi-identifiers with their hierarchies, k, the models of the sensitive
//     attributes, and how much may be suppressed.
//  2. Rows are grouped once into distinct tuples. Units that have one distinct
//     tuple are carried as weights; units that have several are kept as lists,
//     because distinct counts do not add.
//  3. A node of the lattice is one level per quasi-identifier. Search checks
//     nodes: classes are rolled up from the classes of a finer node, each class
//     that fails a model is suppressed, the metric scores what is left. Where
//     rows are persons, most nodes are settled by counting their cells alone.
//  4. Bounds that never exceed the score of a node let most nodes go unseen: what
//     any two of its attributes suppress, it suppresses. The best of those that
//     remain is the optimum, and Search says so. Where there are too many nodes
//     for a proof, a local search finds a good one, and the optima of some attributes,
//     of more and more (dolls.go), bound the optimum of all from below.
//  5. Solution.Apply writes the generalised table; suppressed rows are gone.
//
// Every count that a model, a limit or a result speaks of is a count of
// distinct units, never of rows. See package privacy for what each one means when a
// person has several rows.
package kanon
