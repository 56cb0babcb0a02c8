package journal_test

import (
	"log/slog"
	"os"

	"github.com/entscope/entscope/cmd/entscope/internal/journal"
)

func ExampleNew() {
	log, _ := journal.New(os.Stdout, "text", "info")
	log.Debug("begins", journal.Stage, "ingest")
	log.Warn("feed cas: delivery b.log left out: cut short")
	log.Info("done", journal.Stage, "ingest", journal.Seconds, 12.44,
		slog.Group(journal.Counts, "rejects", 1, "events", 11))

	// Output:
	// warning: feed cas: delivery b.log left out: cut short
	// ingest     done         12.4 s  events 11, rejects 1
}
