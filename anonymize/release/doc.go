// Package release keeps the register of releases: what has left the house, for
// how long the house remembers it, and what may still leave beside it.
//
// Two editions that speak of nearly the same persons are a subtraction. The cells
// of an edition carry noise that is the same for the same set of persons in nearly the
// same days (anonymize/perturb), so a difference tells little; but each further edition of
// other sets or days draws once more, and rows of persons carry no noise at all. So:
//
//  1. Take counts, inside the wall, whose persons and contents stand behind a
//     release: a Census, with one token for each person and what is known of them.
//  2. Register.Admit lays the census alongside every earlier release of a common
//     school whose period overlaps. What differs from one by fewer persons than
//     Small does not leave, nor what differs under one draw of the noise (Register.Draw) by so
//     few in some school, or in a grade level there. A cell of them would differ by those few
//     alone, and noise does not hide one: the same persons have the same noise, so the
//     cells that change at all are those that the person was in. The standing edition
//     stays (ErrStands, ErrNear). Of two draws every cell changes.
//     Nor does an edition leave for which the reference describes a school otherwise, or
//     that tells one or two schools apart beside what has left (ErrMoved).
//     A person table leaves once of the days, and not beside one of other days of all but a
//     few of the same persons (Verdict.Persons). More than Most editions of
//     overlapping periods are refused (ErrSpent).
//  3. Register.Book books what has left: one line in a file beside the master
//     key, chained to the line before by a keyed hash. Of a publication it keeps what
//     was decided on its numbers (Publications), so that another one of the same days
//     and schools tells none that was held back: the caller protects both jointly.
//
// The register lies outside every zone, so that neither key rotate nor key
// destroy, nor the removal of a folder, nor a copy of the study under another
// name takes it back: persons and schools are known by the lasting key of the
// master key. A line shows names, dates and hashes; its census is a sketch, sealed
// with the same key. Nobody can tell from the file who or how many stood behind a
// release.
package release
