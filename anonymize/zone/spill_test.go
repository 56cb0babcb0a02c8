package zone

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
)

// watchedFiles is a disk that counts the files that are open.
type watchedFiles struct {
	durable.Machine
	now, most *int
}

func (c watchedFiles) OpenFile(path string, flag int, mode fs.FileMode) (durable.File, error) {
	f, err := c.Machine.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	*c.now++
	*c.most = max(*c.most, *c.now)
	return watchedFile{f, c.now}, nil
}

type watchedFile struct {
	durable.File
	now *int
}

func (f watchedFile) Close() error {
	*f.now--
	return f.File.Close()
}

// A machine may allow few open files: however many parts there are, one is open at a time,
// and their rows come back in the order of parts and of reading.
func TestSpillOpensOneFile(t *testing.T) {
	now, most := 0, 0
	s := &spill{disk: durable.Disk{Files: watchedFiles{now: &now, most: &most}}, dir: filepath.Join(t.TempDir(), "s"),
		width: 2}
	const rows = spillParts * 5000 // more than waits to be written
	for i := range int64(rows) {
		if err := s.add(int(i%spillParts), []int64{i % spillParts, i * 1_000_003}); err != nil {
			t.Fatal(err)
		}
	}
	got, part := int64(0), int64(spillParts/2)
	if err := s.each(func(list [][]int64) error {
		for i, row := range list {
			if row[0] != part {
				t.Fatalf("a row of part %d among those of %d", row[0], part)
			}
			if want := (int64(i)*spillParts + part) * 1_000_003; row[1] != want {
				t.Fatalf("part %d, row %d: %d, want %d", part, i, row[1], want)
			}
			got++
		}
		part = (part + 1) % spillParts
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got != rows {
		t.Errorf("%d rows of %d came back", got, rows)
	}
	if most != 1 || now != 0 {
		t.Errorf("%d files were open at once, %d are left open", most, now)
	}
}

// Few rows come back in the same order, and no file is made for them.
func TestSpillOfFewRowsIsNoFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	s := &spill{dir: dir, width: 1}
	for i := range int64(3 * spillParts) {
		if err := s.add(int(i%spillParts), []int64{i}); err != nil {
			t.Fatal(err)
		}
	}
	part, got := int64(spillParts/2), 0
	if err := s.each(func(list [][]int64) error {
		for i, row := range list {
			if want := int64(i)*spillParts + part; row[0] != want {
				t.Errorf("row %d of part %d is %d, want %d", i, part, row[0], want)
			}
			got++
		}
		part = (part + 1) % spillParts
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got != 3*spillParts {
		t.Errorf("%d rows came back", got)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made")
	}
}
