// Package audit re-checks an edition and a publication for the data-protection
// officer, from the files alone where they can prove something.
//
//  1. Edition opens the folder as an os.Root, hashes every file itself, copies
//     the verified bytes to a private place, loads them into a locked engine and
//     recomputes each claim of the manifest with its own SQL and its own
//     arithmetic. It shares no code with the package that anonymised.
//  2. Publication reads results.json, the pages and the data files beside them:
//     statuses, thresholds, rounding, subtraction, words, outside references,
//     and whether the figures are those of the edition.
//  3. Each claim is « prouvé par les fichiers », « attesté » (signed by the
//     operator, no file can prove it) or « non vérifiable »; it holds or fails,
//     with numbers. A failed claim makes Report.OK false.
//  4. The verdict per product and per criterion of the opinion WP216 (singling
//     out, linkability, inference) is conforme, réserve or non conforme.
//  5. Write gives audit.json, internal.html (detailed) and external.html (an
//     overview that discloses nothing).
//
// The package stands downstream of the wall: it imports edition and engine, and
// nothing of ingest, pseudonym, subject or kanon. No report holds a personal
// value: classes are counted, never shown.
package audit
