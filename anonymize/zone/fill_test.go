package zone

import (
	"errors"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
)

func TestEnoughAccepted(t *testing.T) {
	file := func(kind string, used, rejected int64) directory.FileCounts {
		return directory.FileCounts{Kind: kind, Used: used,
			Rejects: map[ingest.Reason]int64{ingest.ReasonUnknownValue: rejected}}
	}
	for _, c := range []struct {
		name    string
		files   []directory.FileCounts
		doubts  int
		refused string
	}{
		{"all read", []directory.FileCounts{file("aaf", 1000, 0)}, 0, ""},
		{"the share exactly", []directory.FileCounts{file("aaf", 950, 50)}, 0, ""},
		{"one more", []directory.FileCounts{file("aaf", 949, 51)}, 0, "aaf: 51 of 1000"},
		{"over two files", []directory.FileCounts{file("aaf", 950, 0), file("aaf", 0, 51)}, 0, "aaf: 51 of 1001"},
		{"a small register", []directory.FileCounts{file("training", 0, 7)}, 1, ""},
		{"a register behind a longer one",
			[]directory.FileCounts{file("messages", 1_000_000, 0), file("loans", 10, 90)}, 0, "loans: 90 of 100"},
	} {
		doubts, err := enoughAccepted(&directory.Directory{Files: c.files}, 0.05)
		if len(doubts) != c.doubts {
			t.Errorf("%s: doubts %q, want %d", c.name, doubts, c.doubts)
		}
		var refused *DirectoryError
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.refused != "" && !errors.As(err, &refused):
			t.Errorf("%s: not refused: %v", c.name, err)
		case c.refused != "" && !strings.Contains(refused.Error(), c.refused):
			t.Errorf("%s: %v, want %q", c.name, err, c.refused)
		}
	}
}
