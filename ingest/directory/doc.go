// Package directory reads who is who: the persons of the schools, their
// accounts, the guardian–child links with their legal rank, the classes, the
// schools and their public reference data, and the school calendar.
//
//  1. AAF files (XML), in any split, full or delta, become persons, links and
//     dated memberships (aaf.go, over the small XML tokenizer of xml.go),
//     and so do SIECLE (siecle.go), entcore's imports (imports.go) and Onde, whose
//     people have names and no identifiers (names.go);
//  2. mapped CSVs add persons and say whose each account is (tables.go);
//  3. the schools reference resolves structure ids to UAI and gives IPS bands,
//     priority education, sector and zone (schools.go);
//  4. the open calendar becomes one row per zone and day (calendar.go);
//  5. a Lookup finds persons and schools for those who read the registers
//     (Options.Registers, lookup.go);
//  6. families are the connected components of the links (family.go).
//
// The result, Directory, holds raw identifiers and lives in memory only, until
// anonymize/zone.WritePeople has hashed it. Names, birth dates, addresses,
// numbers and e-mail values are never read into it: of an address only whether
// there is one is kept, and the people of Onde have a hash of theirs for an
// identifier. Nothing of a record reaches an error: a record that cannot be used
// is counted by file and reason.
//
// What the readers were written against:
//
//   - AAF: DTD ficAlimMENESR, files of AAF-VE1301 (2013) to AAF-VE2407 (2024), first
//     and second degree (FORMATS.md#aaf);
//   - entcore's CSV imports and Onde: edificeio/entcore, feeder,
//     ProfileColumnsMapper 068efbc and CsvFeeder 018fb44;
//   - SIECLE: ElevesAvecAdresses and ResponsablesAvecAdresses as the import code of
//     SACoche reads them (FORMATS.md#directory-imports-siecle);
//   - open data of data.education.gouv.fr, column names of 2021 to 2025: IPS of écoles,
//     collèges and lycées, annuaire, fr-en-calendrier-scolaire (FORMATS.md#open-data-of-the-ministry).
package directory
