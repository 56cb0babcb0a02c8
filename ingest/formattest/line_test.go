package formattest

import (
	"context"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// framed is a format of which only the framing matters: a chunk is an event.
type framed struct{ framing ingest.Framing }

func (framed) Name() string    { return "framed" }
func (framed) Version() string { return "" }
func (f framed) Open([]byte) ingest.Reading {
	return ingest.Reading{Framing: f.framing, NewDecoder: func() ingest.Decoder { return f }}
}
func (framed) Decode(_ []byte, sink ingest.Sink) { sink.Event(&ingest.Event{TsMs: 1}) }

// hollow reads n bytes that are whatever the buffer holds: fast, and of a
// buffer never written to without a line end.
type hollow int64

func (h *hollow) Read(p []byte) (int, error) {
	n := min(int64(len(p)), int64(*h))
	if *h -= hollow(n); n == 0 {
		return 0, io.EOF
	}
	return int(n), nil
}

// TestTenGigabyteLine: a line of 10 GB is one reject, and costs a few buffers.
func TestTenGigabyteLine(t *testing.T) {
	for name, framing := range map[string]ingest.Framing{"lines": ingest.Lines{},
		"rows": ingest.Rows{Sep: ';', Quote: '"', EOL: '\n'}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		line := hollow(10 << 30)
		counts, err := ingest.Account(context.Background(), io.MultiReader(&line, strings.NewReader("\na\n")),
			framed{framing}, 1, nil)
		runtime.ReadMemStats(&after)
		if err != nil || counts.Rejects[ingest.ReasonTooLong] != 1 || counts.Events != 1 || counts.Read != 2 {
			t.Errorf("%s: %v %+v", name, err, counts)
		}
		if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 16 {
			t.Errorf("%s: %d MiB were allocated", name, grown)
		}
	}
}
