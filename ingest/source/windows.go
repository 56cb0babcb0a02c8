package source

import (
	"bufio"
	"context"
	"io"
	"time"
)

// Windows is a server that has no files but events by time: each window of the study is a delivery, one record on each
// line, made when it is opened.
type Windows struct {
	remote Remote
	prefix string
	export func(context.Context, Window, *bufio.Writer) error
	listed map[string]Window
}

// NewWindows are the windows of r. Their files are called prefix-<begin>.ndjson; export writes the records of one.
func NewWindows(r Remote, prefix string, export func(context.Context, Window, *bufio.Writer) error) *Windows {
	return &Windows{remote: r, prefix: prefix, export: export, listed: map[string]Window{}}
}

// List is every window.
func (s *Windows) List(context.Context) ([]Entry, error) {
	windows, err := s.remote.Windows()
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(windows))
	for i, w := range windows {
		name := s.prefix + "-" + w.Name() + ".ndjson"
		s.listed[name] = w
		entries[i] = Entry{Name: name, Size: -1, Modified: w.To, Version: w.To.UTC().Format(time.RFC3339)}
	}
	return entries, nil
}

// Stat is e: the past does not change.
func (s *Windows) Stat(_ context.Context, e Entry) (Entry, error) { return e, nil }

// Open reads a window. Transfers of windows do not go on, they begin again.
func (s *Windows) Open(ctx context.Context, e Entry, offset int64) (io.ReadCloser, error) {
	w, ok := s.listed[e.Name]
	if !ok || offset != 0 {
		return nil, ErrNoResume
	}
	reader, writer := io.Pipe()
	go func() {
		lines := bufio.NewWriterSize(writer, 1<<16)
		err := s.export(ctx, w, lines)
		if err == nil {
			err = lines.Flush()
		}
		writer.CloseWithError(err)
	}()
	return reader, nil
}
