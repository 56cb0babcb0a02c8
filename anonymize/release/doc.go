// Package release keeps the register of releases: what has left the house, for
// how long the house remembers it, and what may still leave beside it.
//
// Two editions that speak of nearly the same persons are a subtraction. The cells
// of an edition carry noise that is the same for the same census and drawn anew where one
// person differs (anonymize/perturb, Register.Draw), so a difference tells little; but each further
// edition draws once more, and rows of persons carry no noise at all. So:
//
//  1. Take counts, inside the wall, whose persons and contents stand behind a
//     release: a Census, with one token for each person and what is known of them.
//  2. Register.Admit lays the census alongside every earlier release of a common
//     school whose period overlaps. What differs from one by fewer persons than
//     Small does not leave, nor what differs in the same days by so few in some school, or in a
//     grade level there: the standing edition stays (ErrStands, ErrNear).
//     Nor does an edition leave for which the reference describes a school otherwise, or
//     that tells one or two schools apart, of some level or group, beside what has left (ErrMoved).
//     A person table leaves once of the days, once in twelve months where anybody changed in
//     directory or registers, and later where many did (Verdict.Persons); which addresses are known of the
//     accounts of a subject likewise. Each family of what must not be known of a school leaves once of a
//     day and of a subject (Verdict.Unnamed). More than Most editions of overlapping periods, and more draws
//     within twelve months, are refused (ErrSpent).
//  3. Register.Book books what has left: one line in a file beside the master
//     key, chained to the line before by a keyed hash. Of a publication it keeps what
//     was decided on its numbers (Publications), so that another one of the same days
//     and schools tells none that was held back: the caller protects both jointly. An edition
//     that was taken back counts until all that was made of it was too.
//
// Who combines editions of several controllers has a register of its own (National): a publication of theirs leaves
// once of the days of its territories.
//
// The register lies outside every zone, so that neither key rotate nor key
// destroy, nor the removal of a folder, nor a copy of the study under another
// name takes it back: persons and schools are known by the lasting key of the
// master key. A line shows names, dates and hashes; its census is a sketch, sealed
// with the same key. Nobody can tell from the file who or how many stood behind a
// release.
package release
