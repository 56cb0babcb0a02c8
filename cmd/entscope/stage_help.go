package main

// stageHelp is the long help of the one-stage commands.
var stageHelp = map[string]string{
	"pull": `pull fetches what the servers of [source.pull] have and the inbox has not, keeps what
comes on standard input, and lists the deliveries of every source. The inbox is the
folder of the source's first pattern. Running it again fetches only what is new.

  files = ["inbox/*.log.gz", "old/2025.zip"]   local files and patterns
  files = ["-"]                                standard input, of one source

  [source.pull]     one of
  kind = "https"    url: a file, or a folder (ends in "/") with an index of nginx or Apache;
                    user + password_file, or token_file, or cert_file + key_file; ca_file
  kind = "sftp"     host, user, path; key_file or password_file; known_hosts
  kind = "s3"       url, bucket, prefix, region; user is the access key's id,
                    password_file holds the secret key
  kind = "postgres" host, user, database, tables = ["events.*_events"]; since, until, window
  kind = "entcore"  url of the platform; user + password_file or token_file; since, until, window
  kind = "lrs"      url of the endpoint of a learning record store; the rest as for entcore

All kinds: match (pattern of base names), settle (how long a file must not have
changed, or a window must be over), max_file_mb. Secrets are read from files of mode
0600 and stand nowhere else. Servers are verified: TLS 1.2 at least, the key of an
sftp host against known_hosts (get it by ssh-keyscan and compare it by another way).
plain = true allows an unencrypted connection to this machine only.

Half-written files: what ends in .part, .tmp and the like, or changed within settle,
is left for the next run and named; a file whose size, date or ETag changes while it
is fetched is dropped and fetched later. A transfer that breaks off goes on where it
stopped, in this run or the next: by Range and If-Range with the same strong ETag
(https), by Range and If-Match (s3), at the offset for a file of the same size and
date (sftp); a window of postgres, entcore or an lrs begins again. A file that grew takes the
place of its beginning; another under the same name (a rotated log) is put beside it.

A window is fetched once, when it has been over for settle (an hour if unset). Where
rows come later than that, lengthen settle; to fetch everything once more, remove
.pulled.json from the inbox: what is there already is known by its content.

postgres reads in a read-only transaction through a server-side cursor, one window of
one table (a day by default, in timezone) at a time, and asks for no column that no
reader uses: no ip, no phone. entcore asks /infra/v2/event/list page by page: while
X-HAS-MORE says true the window is halved; an answer without it is refused, and a
platform without v2 is asked by v1. skip-synced is off: nothing is left out. An lrs is
asked for what was stored in a window (xAPI 1.0.3), page by page: a more that leads to
another server or back is refused, and one that is not yet consistent is asked later.

What comes on standard input is hashed while it is read once, and kept in the
restricted zone (mode 0600) until it has been ingested, then removed: a run that was
killed is repeated without it. It cannot be read again when the directory changes.

Exit code 5: access denied, no such file, no usable answer; 75: the server cannot be
reached for now, after four attempts; 3: some files were left on the server.`,
	"ingest": `ingest reads the deliveries that the restricted zone does not hold yet, decodes them,
replaces identifiers by pseudonyms, and writes them by month and bucket. gzip (of
several parts too), zstd and bzip2 are undone while reading; each file in a zip is a
delivery of its own (logs.zip!/access.log). What a delivery may expand to is bounded:
250 times its size beyond 64 MB, an archive as a whole. Nothing is unpacked to disk.
Archives in archives, encrypted files and tar are refused by name; the rest is read.

A delivery is known by the SHA-256 of its content, packed or not, under whatever name:
one that comes twice is read once. Late files are taken in. A log that was read while
it was still being written to is read again when it has grown, and what was read
before is taken back. One that is replaced or cut while it is read is named and left to
the next run (exit code 3). Records that two overlapping files share count once, when the
tables are made. Rejected records are counted by reason, in restricted/rejects by
line, never with their text. A delivery above limits.max_reject_share is set aside:
named, with its reasons, and nothing of it is in the zone; the others are read (exit
code 3), and each run looks at it again. When a feed is above it as a whole, over the
deliveries of the run, the run ends with exit code 5.

With --shard I/N it decodes and pseudonymises the deliveries of one shard alone, into
restricted/shards, while the other shards do so in other processes, on this machine or
on others that see the same folder or share a store ([store]). It asks no server (entscope pull does) and leaves no
run.json. The next ingest, or run, takes what they have decoded in place of decoding it,
in its own order, and removes it: the zone has the bytes of one process. What no shard
has decoded, a shard that died or a delivery that has changed since, it decodes itself.
A shard may be run again: it goes on where it was. It ends with 6 while a run, or
the same shard, is under way; a run ends with 6 while a shard is. See help scale.

entscope check says what ingest would make of each file, and what shards have left, and
writes nothing.`,
}
