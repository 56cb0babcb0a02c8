// Package journal is what entscope tells an operator while it works: one log on standard error, with levels, that every
// stage is handed and none keeps for itself. Text, for people, is a sentence a line and a row a stage; JSON, for a
// collector, is a record a line, with its time:
//
//	ingest     done          12.4 s  deliveries 3, events 11, rejects 1
//	warning: feed cas: delivery b.log left out: cut short
//
// Nothing in it comes from a record of the input: it names files, feeds, servers and counts.
package journal

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// Formats are the words of --log-format, Levels those of --log-level, the quietest last.
var (
	Formats = []string{"text", "json"}
	Levels  = []string{"debug", "info", "warn", "error"}
)

// Keys of a row: what has both is the account of a stage, its counts in the group Counts.
const (
	Stage   = "stage"
	Seconds = "seconds"
	Counts  = "counts"
)

// New is a journal written to w. The error names the word that is none of Formats or Levels.
func New(w io.Writer, format, level string) (*slog.Logger, error) {
	var least slog.Level
	if !slices.Contains(Levels, level) {
		return nil, fmt.Errorf("--log-level %q is not one of %s", level, strings.Join(Levels, ", "))
	}
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	switch format {
	case "text":
		return slog.New(&text{out: w, mu: new(sync.Mutex), level: least}), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: least})), nil
	}
	return nil, fmt.Errorf("--log-format %q is not one of %s", format, strings.Join(Formats, ", "))
}

// text writes a record as a sentence after the word of its level; a message at debug tells its attributes too.
type text struct {
	out   io.Writer
	mu    *sync.Mutex
	level slog.Level
	attrs []slog.Attr // in order, those of groups with the group's name before theirs
	group string
}

func (t *text) Enabled(_ context.Context, level slog.Level) bool { return level >= t.level }

func (t *text) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *t
	with.attrs = slices.Clone(t.attrs)
	for _, a := range attrs {
		with.attrs = flatten(with.attrs, t.group, a)
	}
	return &with
}

func (t *text) WithGroup(name string) slog.Handler {
	with := *t
	with.group += name + "."
	return &with
}

func (t *text) Handle(_ context.Context, r slog.Record) error {
	attrs := slices.Clone(t.attrs)
	r.Attrs(func(a slog.Attr) bool {
		attrs = flatten(attrs, t.group, a)
		return true
	})
	line := r.Message
	switch {
	case r.Level >= slog.LevelError:
		line = "error: " + line
	case r.Level >= slog.LevelWarn:
		line = "warning: " + line
	case r.Level < slog.LevelInfo:
		line = "debug: " + line + listed(attrs, " ", "=")
	default:
		if stage, seconds := find(attrs, Stage), find(attrs, Seconds); stage != nil && seconds != nil {
			line = row(stage.String(), line, seconds.Float64(), attrs)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := io.WriteString(t.out, line+"\n")
	return err
}

// row is the account of a stage in columns, its counts in the order of their names.
func row(stage, status string, seconds float64, attrs []slog.Attr) string {
	var counts []slog.Attr
	for _, a := range attrs {
		if name, ok := strings.CutPrefix(a.Key, Counts+"."); ok {
			counts = append(counts, slog.Attr{Key: name, Value: a.Value})
		}
	}
	slices.SortFunc(counts, func(a, b slog.Attr) int { return cmp.Compare(a.Key, b.Key) })
	list := strings.TrimPrefix(listed(counts, ", ", " "), ", ")
	return fmt.Sprintf("%-10s %-10s %6.1f s  %s", stage, status, seconds, list)
}

func listed(attrs []slog.Attr, before, between string) string {
	var b strings.Builder
	for _, a := range attrs {
		b.WriteString(before + a.Key + between + a.Value.String())
	}
	return b.String()
}

func find(attrs []slog.Attr, key string) *slog.Value {
	for i := range attrs {
		if attrs[i].Key == key {
			return &attrs[i].Value
		}
	}
	return nil
}

// flatten appends an attribute, or those of a group.
func flatten(to []slog.Attr, group string, a slog.Attr) []slog.Attr {
	a.Value = a.Value.Resolve()
	if a.Value.Kind() != slog.KindGroup {
		if a.Key == "" {
			return to
		}
		return append(to, slog.Attr{Key: group + a.Key, Value: a.Value})
	}
	if a.Key != "" {
		group += a.Key + "."
	}
	for _, inner := range a.Value.Group() {
		to = flatten(to, group, inner)
	}
	return to
}
