package telemetry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
)

// Files says where the metrics and the events of a run are written, each in place of those of the run before; an empty
// path is none.
type Files struct{ Metrics, Lineage string }

// ErrForeign: the file that was to be replaced is not one of ours.
var ErrForeign = errors.New("is no file that entscope wrote; name another, or remove it")

// Beginnings of our files: metrics are sorted by name, and a run's first event starts it.
const (
	metricsMark = "# HELP entscope_"
	lineageMark = `{"eventType":"START"`
)

// Check reports, before a run begins, which of the files may not be written at its end. The error may be ErrForeign.
func (f Files) Check() error {
	return errors.Join(ours(f.Metrics, metricsMark), ours(f.Lineage, lineageMark))
}

// Write puts the files where a collector looks, each whole or not at all.
func (f Files) Write(r *pipeline.Report, exit int) error {
	if err := f.Check(); err != nil {
		return err
	}
	var faults []error
	if f.Metrics != "" {
		data, err := metrics(r, exit)
		faults = append(faults, err, write(f.Metrics, data))
	}
	if f.Lineage != "" {
		data, err := lineage(r, exit)
		faults = append(faults, err, write(f.Lineage, data))
	}
	return errors.Join(faults...)
}

func write(path string, data []byte) error {
	if data == nil {
		return nil
	}
	return durable.WriteFile(path, data, 0o644)
}

func ours(path, mark string) error {
	info, err := os.Stat(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s %w", path, ErrForeign)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, int64(len(mark))))
	if err != nil {
		return err
	}
	if !bytes.Equal(head, []byte(mark)) {
		return fmt.Errorf("%s %w", path, ErrForeign)
	}
	return nil
}
