// Package ingest is the hub that every source of ENT logs speaks to.
//
//  1. A source (ingest/source) gives the bytes of a delivery: one file of a Feed.
//  2. A Format (one room each under ingest/format) opens the delivery from its
//     first bytes. The Reading it returns cuts the stream into chunks of whole
//     records and makes the decoders of those chunks.
//  3. Pipeline decodes chunks on several cores and commits them in input order.
//  4. A Decoder hands each record to a Sink, as exactly one of Event, Ignore and
//     Reject. In production the Sink pseudonymises; Account only counts.
//
// The ledger of the restricted zone remembers every delivery by its hash, so that
// nothing is read twice and every record can be accounted for:
//
//	read = events + ignored by rule + rejects
//
// Formats import this package, ingest/tabular where they read tables, and nothing
// else of the house. The words and numbers of an event are those of
// anonymize/edition/vocabulary.
package ingest
