// Package risk measures what an attacker gains from a table as it stands: it
// changes nothing and writes nothing.
//
// Measure groups the rows by the quasi-identifiers and gives, over distinct
// persons and beside it over rows,
//
//   - k, the sample uniques, and the re-identification risk of three attackers:
//     the prosecutor, who knows that the person is in the table (1 ÷ persons of
//     the class); the journalist, who links with a population table (1 ÷ persons
//     of the same class there); the marketer, who links everybody (the expected
//     share of right links) (Dankar and El Emam 2010);
//   - where there is a population table, k-map, the fewest of its persons whom a row
//     may mean (Sweeney 2002), and δ-presence, the least and largest share of those
//     alike who are in the table (Nergiz, Atzori and Clifton 2007);
//   - what the classes tell of sensitive attributes: l, t, β, δ, α;
//   - the distinction and separation of each quasi-identifier (Motwani and Xu 2007);
//   - the risk of households, 1 − Π(1 − r) (Templ 2017);
//   - the profile risk: the persons who share all rows of a person, as a set and
//     as a multiset, with no cap on the number of rows.
//
// The risk of a person with several rows is that of the most exposed one. A
// figure that needs what is absent is null, and Absent says what it needs.
package risk
