package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// runShard decodes one shard.
func runShard(ctx context.Context, s *study.Study, o runOptions, log *operatorLog, out io.Writer) error {
	shard, err := zone.ParseShard(o.shard)
	if err != nil {
		return withExit(exitUsage, err)
	}
	bars := log.progress()
	batch := pipeline.Batch{Study: s, AcceptLoss: o.acceptLoss, Progress: bars.update, Disk: o.disk}
	done, err := batch.Shard(ctx, shard)
	bars.close()
	if err != nil {
		return stopped(ctx, err)
	}
	for _, r := range done.Refused {
		log.Warn(fmt.Sprintf("feed %s: delivery %s left out: %s", r.Feed, r.File, r.Reason))
	}
	if len(done.Beside) > 0 {
		log.Info(fmt.Sprintf("shards of another number lie there as well: %v; the next ingest takes what is of use of all",
			done.Beside))
	}
	if o.asJSON {
		err = encodeJSON(out, done)
	} else {
		_, err = fmt.Fprintf(out, "shard %s: deliveries decoded: %d, with %d events; known before: %d\n", shard,
			done.Decoded, done.Events, done.Known)
	}
	if err == nil && len(done.Refused) > 0 {
		err = withExit(exitWarnings, fmt.Errorf("done with %d warning(s)", len(done.Refused)))
	}
	return err
}

// printShards says what shards have left for the next ingestion.
func printShards(out io.Writer, shards []zone.ShardState) {
	if len(shards) == 0 {
		return
	}
	texts := make([]string, len(shards))
	for i, s := range shards {
		texts[i] = fmt.Sprintf("%s (%d deliveries, %d events)", s.Shard, s.Deliveries, s.Events)
	}
	fmt.Fprintf(out, "\nshards that the next ingest takes: %s\n", strings.Join(texts, ", "))
	if missing := zone.Missing(shards); len(missing) > 0 {
		fmt.Fprintf(out, "shards of which nothing lies there: %v; what they would have decoded it decodes itself\n", missing)
	}
}
