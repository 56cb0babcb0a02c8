// Package pseudonym turns identifiers into pseudonyms: key material in,
// pseudonyms out. It knows no log, no directory and no table.
//
// The way of a secret:
//
//  1. a master key of 256 random bits, made by CreateKey and read by LoadKey
//     from a 0600 file or an age-encrypted one, never from a flag;
//  2. a salt of 256 random bits, stored beside the data it protects (CreateSalt);
//     destroying it (DestroySalt) makes every pseudonym drawn under it
//     unlinkable for good, even for the holder of the master key;
//  3. a study key, HKDF-SHA-256 of both for one purpose and one school year, so
//     that two years or two purposes never link;
//  4. a Hasher for each namespace (a parent and a pupil with one number differ):
//     HMAC-SHA-256 truncated to 128 bits, of which the first 64 are the
//     BIGINT key the engine joins on. Of a person (Persons) the lower half of that
//     key is the record key, which follows from the master key alone: noise and the
//     register of releases must outlive a salt. Who has the master key and a copy
//     of restricted/ can tie its persons by them, whatever became of the salt: the
//     copies go with the zone;
//  5. a PRF for each use of "random" numbers (cluster ids, ties, noise).
//
// A plain hash would not do: UAI, INE and login spaces are small enough to be
// enumerated (EDPB Guidelines 01/2025; ENISA, Pseudonymisation techniques, 2019).
package pseudonym
