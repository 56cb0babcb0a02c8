// Package lake keeps a restricted zone on an S3-compatible store. The store is the truth, and a zone's folder on this
// machine is its cache: all that reads or writes a zone does so in the folder, between two calls of this package.
//
//  1. Fetch, under the lock of the folder, makes it what the newest listing of the store says, each file checked by its
//     SHA-256. What the folder has beyond that listing (a run that was killed) stays, as in a zone without a store; what
//     another machine has overtaken goes.
//  2. Commit puts the files that the listing lacks, then the next listing under its number, unless that is taken
//     (If-None-Match): who comes second has lost (ErrLost) and begins again at 1. Then all that is listed no more is
//     removed.
//  3. PutShard and FetchShards carry what shards have decoded from the machines that run them to the one that ingests.
//  4. Destroy removes the salt first and then everything else of the zone.
//
// The names below the prefix:
//
//	entscope-zone                     the mark
//	salt                              the salt of the study's key, put by whoever begins the zone
//	ZONE/listing-000007               what the zone holds: path, size, SHA-256 and object of each file
//	ZONE/data/000007-SHA256           the bytes of a file that listing 7 was the first to list
//	ZONE/shards/2-of-4/NAME.rows      what a shard has decoded, and NAME.json, its line of the ledger
//
// ZONE follows from the salt, so that a machine that still holds a zone which was destroyed writes nowhere into the one
// after it. An object is named by the listing it was put for: once that number is taken, one that is not listed never
// will be, and whoever comes may remove it. Listings and ledgers carry a MAC under the study's key: who can write to the
// store and lacks the key cannot make entscope read a file that entscope did not write.
package lake
