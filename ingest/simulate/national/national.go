// Package national simulates the national open data on the use of ENTs: the four DNMA
// files of schools and weeks, IPS files, an annuaire and a calendar, in the spelling
// of data.education.gouv.fr, with effects that are planted and stored in truth.json.
// No school in it exists; its ministry is called « SYNTHETIQUE ».
//
//  1. plan.go lays out the schools: académie, département, level, IPS, pupils, and in
//     which weeks each is measured. The perimeter grows and, in some académies, ends.
//  2. behave.go gives the expected visits of a school and week, and draws them.
//  3. files.go and registers.go write them, each file by itself and in one order, so
//     that a week is drawn again and not remembered.
//  4. truth.go stores what was planted, and the sums that came out.
//
// With Published, the sums are those that have been published of the real files
// (published.go), and so is the number of rows: a reader can be held against them, in
// its speed and its sums.
package national

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/entscope/entscope/anonymize/durable"
)

// Config chooses what is drawn.
type Config struct {
	// Schools are those measured in the widest year; 1,200 if 0.
	Schools int
	// Weeks is how many are written, from 2 September 2019 on; all up to the end of
	// July 2026 if 0.
	Weeks int
	Seed  uint64
	// Published gives the files the size and the sums that were published of the real
	// ones. Schools and Weeks must be 0.
	Published bool
	// Threads is how many files are written at a time.
	Threads int
}

// ErrConfig is a simulation that cannot be written as asked.
var ErrConfig = errors.New("simulate")

// Bounds of a simulation.
const (
	minSchools     = 40
	maxSchools     = 60000
	defaultSchools = 1200
)

// firstWeek and lastWeek are the Mondays of the DNMA, in days since 1970.
var firstWeek, lastWeek = day(2019, time.September, 2), day(2026, time.July, 27)

func day(year int, month time.Month, d int) int32 {
	return int32(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func date(d int32) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func dateText(d int32) string { return date(d).Format(time.DateOnly) }

// yearOf is the year in which the school year of a day begins, on 1 August.
func yearOf(d int32) int {
	t := date(d)
	if t.Month() < time.August {
		return t.Year() - 1
	}
	return t.Year()
}

func yearName(begin int) string { return fmt.Sprintf("%d-%d", begin, begin+1) }

// truthName is written last: a folder without it is not whole.
const truthName = "truth.json"

// Write writes the files below dir, which must be empty or not there.
func Write(ctx context.Context, dir string, c Config) error {
	if c.Schools == 0 {
		c.Schools = defaultSchools
	}
	if c.Published {
		c.Schools = publishedSchools
	}
	if c.Schools < minSchools || c.Schools > maxSchools {
		return fmt.Errorf("%w: between %d and %d schools", ErrConfig, minSchools, maxSchools)
	}
	if c.Threads < 1 {
		c.Threads = 1
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%w: %s is not empty: nothing in it is overwritten", ErrConfig, dir)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("simulate: %w", err)
	}
	for _, sub := range []string{"dnma", "ips"} {
		if err := durable.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
	}
	w := newWorld(c)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.Threads)
	for i := range w.files() {
		f := &w.files()[i]
		if f.since > w.weeks[len(w.weeks)-1] {
			continue
		}
		group.Go(func() error { return f.write(ctx, w, dir) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	if err := w.writeRegisters(dir); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	data, err := w.truth().render()
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return durable.WriteFile(filepath.Join(dir, truthName), data, 0o644)
}
