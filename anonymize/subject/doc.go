// Package subject goes from the events of persons to the tables of an edition:
// the person table before it is generalised, and the cell tables, thresholded.
//
// The way through it:
//
//  1. Open loads the small tables of the restricted zone (schools, calendar,
//     memberships) and gives every person their scopes: a scope is a person and
//     the set of their schools in one group of one grouping. A person of one
//     school has one scope.
//  2. A first pass over the events says which school weeks each feed covered. A
//     week in which a school's feeds said nothing is not a week without visits:
//     it leaves numerators and denominators.
//  3. A second pass takes the events one bucket of persons at a time: duplicates
//     of several deliveries go, a view that two instruments saw counts once, events
//     become visits (gaps of at most 30 minutes), and visits become behaviours: one
//     wide row per scope, one per parent × school for grades, one per pupil for P1.
//     What the registers beside the logs tell (messages, contents, deadlines …) is
//     laid beside it, slice by slice; a register or a service that no feed carries
//     gives no row, never a zero. What needs a pupil and their guardians, who stand
//     in different buckets, is added up afterwards. Slices are computed at the same time
//     by builders beside one another (beside.go). Builder.As gives the schools
//     edition over the behaviours of the research edition: the events are read once.
//  4. A grouping says who stands in which group. Those by school are computed
//     together: the families of one school, which are most, count once for all.
//  5. Each row of measures.toml says what one person brings to a measure, x and y,
//     from one table of the flow; one scan a table and family of measures adds them
//     up by school (scan, table). Each file
//     sql/curve_*.sql gives the units of a life table and when they leave it.
//  6. Schools become clusters under random identifiers, merged until every cell
//     that is written holds the policy's floor of distinct persons.
//
// The statements in sql/ say which tables they make and read, and package flow runs
// them in the order that follows: Go asks for the tables and answers that it wants.
// graph.go lists what Go itself makes; names.tsv says what columns and arguments
// mean. entscope help flow prints the graph.
//
// SQL gives keys, counts and integer sums; what needs a division, a float or the
// keyed random function is done here in Go. Everything is inside the wall:
// nothing of this package may be imported downstream of an edition.
package subject
