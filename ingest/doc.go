// Package ingest is the hub every source of ENT logs speaks to.
//
// Bytes come from a source (ingest/source), a decoder of a foreign schema
// (ingest/format/…) turns them into a stream of Event, Reject and ignored
// records, and a Sink takes the stream: in production the pseudonymiser, in a
// check only a counter. The ledger remembers every delivery by its hash, so
// that nothing is read twice and every record can be accounted for:
//
//	read = events + ignored by rule + rejects
//
// Decoders import this package and nothing else of the house.
package ingest
