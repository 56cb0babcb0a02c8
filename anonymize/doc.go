// Package anonymize is the joinery: a restricted zone and a policy go in, an
// edition comes out.
//
//  1. Package subject computes, inside the wall, the person table and the cell
//     tables; the cells are thresholded on distinct persons.
//  2. Package policy binds the policy's hierarchies to the person table, package
//     kanon finds the generalisation that loses least and applies it. The units
//     are the account, the child and the family: k holds for each.
//  3. Package edition writes the tables, the codebook and the data package, the
//     manifest last, and renames the whole into place.
//
// Research makes the research edition, Schools that of the schools. When the
// policy cannot be met, kanon.ErrUnsatisfiable comes up and nothing is written.
package anonymize
