// Package zone keeps the restricted zone of a study: a folder, closed to all but
// the operator, of pseudonymised personal data as Parquet. It is the only place
// where a pseudonym stands, and nothing downstream of an edition may read it.
//
// The way of the data:
//
//  1. WritePeople hashes the directory and its registers into tables (people,
//     accounts, memberships, links, schools …) under directory/ and hands back
//     the lookup from account to person that every event goes through. Registers
//     takes their rows while the directory is read: it hashes identifiers at once
//     and spills to disk the one register larger than memory, that of messages.
//  2. Ingest plans which files are deliveries not yet read (by content), decodes
//     them, replaces each identifier by a 64-bit key and writes the rows sorted
//     by time to events/month=YYYYMM/bucket=BB/; the bucket is the high bits of
//     the person key. Refused records are listed under rejects/ by line and reason.
//  3. A numbered manifest, renamed into place when all it names is on disk,
//     makes the new files and tables live and adds the deliveries to the ledger.
//     A run that is killed leaves the former manifest in force.
//  4. Open reads the newest manifest; Zone hands SQL the list of live files,
//     never a glob.
//
// Check does the planning and decoding of Ingest and writes nothing. A month
// ingested day by day has the rows, and the Hash, of the month ingested at once.
package zone
