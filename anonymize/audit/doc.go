// Package audit re-checks an edition and a publication for the data-protection
// officer, from the files alone where they can prove something.
//
//  1. An edition is opened as an os.Root and every file hashed. Manifest, codebook and
//     tables are derived again and compared byte by byte (closed.go); what passes is
//     loaded into a locked engine, and each claim of the manifest recomputed with SQL and
//     arithmetic of the audit's own. It shares no code with the package that anonymised;
//     rules are shared as data (package privacy).
//  2. A publication is rendered again by the caller's function and compared byte by byte;
//     beside that the audit reads results.json, pages and data itself: statuses,
//     thresholds, rounding, subtraction, words, outside references, all by the rules that
//     the publication carries. Shares, rates, effects, life tables and odds ratios are
//     computed again from the edition (recomputed.go): what each is made of is data that
//     the caller hands in (Recipe); other figures are said to be not verified.
//  3. Each claim is « prouvé par les fichiers », « attesté » (the operator's word) or « non
//     vérifiable »; it holds, fails, or is « non vérifié »: what tried nothing or is
//     attested never holds. A claim that fails makes Report.OK false.
//  4. The verdict per product and per criterion of the opinion WP216 (singling
//     out, linkability, inference) is conforme, réserve or non conforme, and never better
//     than the claims it rests on.
//  5. WritePublic gives external.html, an overview that discloses nothing, with as much in
//     audit.json; WriteInternal gives internal.html and all of audit.json, for the officer.
//
// The package stands downstream of the wall: it imports edition and engine, and
// nothing of ingest, pseudonym, subject or kanon. No report holds a personal
// value: classes are counted, never shown.
package audit
