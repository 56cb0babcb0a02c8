// Package simulate writes a synthetic ENT region in the formats that real
// systems write, with the truth that was planted in it: no public log of
// parents exists, so this is what the whole chain is tried on.
//
// How the region is made, from a seed:
//
//  1. The schools are planned: strata of level, sector and priority education in
//     fixed proportions; inside a stratum IPS, random effect and system are drawn
//     independently (region.go).
//  2. Ten schools at a time form a basin. Families, guardians, pupils and staff
//     are drawn, some with children in two schools (people.go), then all they do
//     in the window (behaviour.go, visits.go).
//  3. What they did is written as the systems of their schools write it: entcore
//     events, uPortal statistics, CAS audit records and Combined access logs,
//     with duplicates, malformed records and identifiers that must not travel
//     further; and the AAF directory, account exports, registers and reference
//     data (entcore.go … tables.go).
//  4. study.toml says how to read all that, truth.json what should be found:
//     the values of the superpopulation the seed draws from, by a Monte Carlo
//     run over many regions with the definitions of the indicators programmed
//     here a second time (truth.go, measure.go).
//
// Basins do not depend on each other: memory is bounded by a few of them
// whatever the size of the region, and the same Config gives the same bytes.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
)

// Config says what to simulate.
type Config struct {
	// Parents is the number of guardians; 40,000 when 0.
	Parents int
	// Weeks is the number of school weeks from 8 September 2025; 12 when 0.
	Weeks int
	// Years, 1 to 3, simulates whole school years up to July 2026 instead, with
	// what a term cannot hold; Parents is then 4,000 when 0, Schools 40.
	Years int
	// Selection is by what the accompanied of a window of years are chosen;
	// SelectionObserved when empty.
	Selection Selection
	// Seed draws the region. The truth does not depend on it.
	Seed uint64
	// Schools is the number of schools; when 0, a multiple of 30 near one for
	// 267 parents, so that the composition is exactly the declared one.
	Schools int
	// Direct also writes direct.json: the indicators of the realised region,
	// computed from the events before they became logs, without any
	// anonymisation. A window of years has it always.
	Direct bool
	// Threads is how many basins are made at the same time; 2 when 0.
	Threads int
}

// Selection is by what parents are chosen to be accompanied.
type Selection string

// The two ways. By observed past use, one who compares parents of the same past
// use finds the effect; by latent use nobody who sees the logs alone can.
const (
	SelectionObserved Selection = "observed"
	SelectionLatent   Selection = "latent"
)

// window opens the window of a filled Config.
func (c Config) window() (*window, error) {
	if c.Years > 0 {
		return newYears(c.Years)
	}
	return newWindow(c.Weeks)
}

func (c Config) filled() (Config, error) {
	var faults []error
	if c.Years != 0 {
		if c.Years < 1 || c.Years > 3 {
			faults = append(faults, fmt.Errorf("years %d is not between 1 and 3", c.Years))
		}
		if c.Weeks != 0 {
			faults = append(faults, errors.New("weeks and years are both set"))
		}
		if c.Parents == 0 {
			c.Parents = 4_000
		}
		if c.Schools == 0 {
			c.Schools = max(3, min(40, c.Parents/20))
		}
	}
	if c.Selection == "" {
		c.Selection = SelectionObserved
	}
	if c.Selection != SelectionObserved && (c.Selection != SelectionLatent || c.Years == 0) {
		faults = append(faults, fmt.Errorf("selection %q is not %q, or %q of a window of years", string(c.Selection), SelectionObserved, SelectionLatent))
	}
	if c.Parents == 0 {
		c.Parents = 40_000
	}
	if c.Weeks == 0 && c.Years == 0 {
		c.Weeks = 12
	}
	if c.Threads == 0 {
		c.Threads = 2
	}
	if c.Parents < 100 || c.Parents > 2_000_000 {
		faults = append(faults, fmt.Errorf("parents %d is not between 100 and 2000000", c.Parents))
	}
	if c.Years == 0 && (c.Weeks < 4 || c.Weeks > maxWeeks) {
		faults = append(faults, fmt.Errorf("weeks %d is not between 4 and %d", c.Weeks, maxWeeks))
	}
	if c.Schools == 0 {
		c.Schools = 30 * max(1, int(math.Round(float64(c.Parents)/parentsASchool/30)))
	}
	if c.Schools < 3 || c.Schools > c.Parents/10 {
		faults = append(faults, fmt.Errorf("schools %d is not between 3 and a tenth of the parents", c.Schools))
	}
	return c, errors.Join(faults...)
}

// Write writes raw/, study.toml and, last, truth.json under dir, which is made
// if it does not exist; what an earlier run wrote there is replaced. progress, if not nil, is told how many of the schools are done.
func Write(ctx context.Context, dir string, config Config, progress func(done, total int64)) error {
	c, err := config.filled()
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	w, err := c.window()
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	r := newRegion(w, c.Seed, c.Parents, c.Schools, false, true)
	r.selection = c.Selection
	if err := makeRoom(dir); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	if err := errors.Join(r.writeReference(dir), writeFile(dir, "study.toml", []byte(studyText(w))), writeFile(dir, "study-cas.toml", []byte(casStudyText(w)))); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	c.Direct = c.Direct || c.Years > 0
	direct, err := r.writeBasins(ctx, dir, c, progress)
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	if c.Direct {
		if err := writeJSON(dir, "direct.json", &Truth{Synthetic: true, Values: direct.values(), Counts: direct.counts()}); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
	}
	if err := r.writeTruth(ctx, dir, c, direct); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return nil
}

// marker is a file that says that a folder of raw logs was made here and may be
// made again.
const marker = "raw/SYNTHETIC.txt"

// Claim makes dir, or finds that it is empty or was begun here, and marks it. A
// folder in which anything else stands, a study among it, is refused: nothing of it
// would be told from what is simulated.
func Claim(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("simulate: %w", err)
	}
	if len(entries) > 0 {
		if _, err := os.Lstat(filepath.Join(dir, marker)); err != nil {
			return fmt.Errorf("simulate: %s is not empty, and was not simulated: nothing in it is overwritten", dir)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Join(dir, "raw"), 0o755); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return writeFile(dir, marker, []byte("Everything below this folder is simulated: nobody in it exists.\n"))
}

// makeRoom removes what an earlier run wrote.
func makeRoom(dir string) error {
	if err := Claim(dir); err != nil {
		return err
	}
	_ = os.Remove(filepath.Join(dir, "truth.json")) // comes back last
	entries, err := os.ReadDir(filepath.Join(dir, "raw"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == filepath.Base(marker) {
			continue // killed in between, the folder is still known as simulated
		}
		if err := os.RemoveAll(filepath.Join(dir, "raw", e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(dir, name string, data []byte) error {
	return os.WriteFile(filepath.Join(dir, name), data, 0o644)
}

// part is what a basin gives to the files that all basins share.
type part struct {
	number int
	tables [tableCount][]byte
	direct *totals
	err    error
}

// writeBasins makes basins in parallel; their shared parts are written in order.
func (r *region) writeBasins(ctx context.Context, dir string, c Config, progress func(done, total int64)) (*totals, error) {
	count := tableProcedures
	if r.w.years > 0 {
		count = tableCount
	}
	shared, err := openTables(dir, count)
	if err != nil {
		return nil, err
	}
	direct := newTotals()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slots := make(chan chan part, c.Threads) // basins under way, in order
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(slots)
		for n := range r.basins() {
			slot := make(chan part, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return
			}
			wg.Go(func() { slot <- r.writeBasin(dir, n, c.Direct) })
		}
	})
	var failed error
	for slot := range slots {
		p := <-slot
		for t := range shared {
			if p.err == nil {
				shared[t].write(p.tables[t])
			}
		}
		if p.direct != nil {
			direct.merge(p.direct, 1)
		}
		if p.err != nil && failed == nil {
			failed = p.err
			cancel()
		}
		if progress != nil && p.err == nil {
			progress(int64(min((p.number+1)*basinSchools, len(r.schools))), int64(len(r.schools)))
		}
	}
	wg.Wait()
	for _, s := range shared {
		if err := s.close(); failed == nil {
			failed = err
		}
	}
	if failed == nil {
		failed = ctx.Err()
	}
	return direct, failed
}

// openTables opens the first tables.
func openTables(dir string, count int) ([]*sink, error) {
	var shared []*sink
	for t, table := range tables[:count] {
		out, err := create(filepath.Join(dir, table.path))
		if err != nil {
			return nil, err
		}
		heading := []byte(table.heading)
		if t == tablePublications {
			if heading, err = latin(heading); err != nil {
				return nil, err
			}
		}
		out.write(heading)
		shared = append(shared, out)
	}
	return shared, nil
}

func (r *region) writeBasin(dir string, number int, direct bool) part {
	b := newBasin(r, number)
	b.behave()
	p := part{number: number}
	if direct {
		p.direct = newTotals()
		observe(b, p.direct)
	}
	if p.tables, p.err = b.renderTables(); p.err != nil {
		return p
	}
	if p.err = b.writeRecords(dir); p.err != nil {
		return p
	}
	p.err = b.writeAAF(dir)
	return p
}
