// Package disclosure protects tables before they leave: cells in, protected
// cells out. It is pure: no file, no clock, nothing of the house.
//
// All the tables of one release are protected together:
//
//  1. Primary rules (Policy): fewer persons than the floor; a numerator or a
//     complement of few persons; a magnitude carried by one contributor
//     (dominance, p %), or by too few units (schools).
//  2. A numerator or complement that is too small in a large enough group is not
//     hidden but bounded (« moins de x % »), so that 0 and 100 %, which speak of
//     everybody in the group, look like any other small number.
//  3. What is published is rounded: counts to a base, percents to whole numbers
//     computed from the rounded counts. Of cells that carry noise, a figure with an
//     interval has a step that follows what is known: the persons it stands for, and
//     the width of the interval (Policy.ShareStep, Policy.Step).
//  4. Secondary suppression: from what is published an attacker knows each
//     number within an interval, and the equations between cells (groups add up
//     to their total, schools to their level, months to the term, bands to their
//     persons). The narrowest interval of every
//     hidden number that all of this allows, its feasibility interval, is
//     computed by linear programming; as long as one is too narrow another cell
//     is hidden.
//  5. Cells of different measures add up too (Across): what is published of the
//     others narrows the interval that a number enters its programme with, and one
//     of them is hidden beside it where that is too narrow.
//
// The status of a cell is INSEE's: A (primary, frequency), B (primary,
// dominance), D (secondary), V (publishable).
//
// Source: INSEE, Manuel de protection des tableaux,
// https://inseefrlab.github.io/manuel-protection-tableaux/ ; Hundepool et al.,
// Statistical Disclosure Control, 2012, ch. 4.
package disclosure
