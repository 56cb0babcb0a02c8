// Package simulate writes a synthetic ENT region in the formats that real systems
// write, with the truth that was planted in it: no public log of parents exists, so
// this is what the whole chain is tried on.
//
// How a folder comes from a seed, a room for each step:
//
//  1. region: who does what. Schools are planned, ten at a time form a basin; its
//     families, staff and all they do in the window are drawn. Plain data.
//  2. raw: the same written as the systems of the schools write it, with duplicates,
//     malformed records and identifiers that must not travel further.
//  3. study.toml says how to read all that (study.go).
//  4. oracle: truth.json, what should be found: the values of the superpopulation the
//     seed draws from, with the definitions of the indicators programmed a second
//     time; and direct.json, the same counted on this region.
//
// Basins do not depend on each other: memory is bounded by a few of them whatever
// the size of the region, and the same Config gives the same bytes.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/simulate/oracle"
	"github.com/entscope/entscope/ingest/simulate/raw"
	"github.com/entscope/entscope/ingest/simulate/region"
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
type Selection = region.Selection

// The two ways.
const (
	SelectionObserved  = region.SelectionObserved
	SelectionLatent    = region.SelectionLatent
	SelectionBeginning = region.SelectionBeginning
)

// Truth, Count and Region are what truth.json and direct.json hold.
type (
	Truth  = oracle.Truth
	Count  = oracle.Count
	Region = oracle.Region
)

// window opens the window of a filled Config.
func (c Config) window() (*region.Window, error) {
	if c.Years > 0 {
		return region.NewYears(c.Years)
	}
	return region.NewWindow(c.Weeks)
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
	if c.Selection != SelectionObserved && c.Selection != SelectionBeginning &&
		(c.Selection != SelectionLatent || c.Years == 0) {
		faults = append(faults, fmt.Errorf("selection %q is not %q, %q, or %q of a window of years",
			string(c.Selection), SelectionObserved, SelectionBeginning, SelectionLatent))
	}
	if c.Parents == 0 {
		c.Parents = 40_000
	}
	if c.Weeks == 0 && c.Years == 0 {
		c.Weeks = 12
	}
	c.Direct = c.Direct || c.Years > 0
	if c.Threads == 0 {
		c.Threads = 2
	}
	if c.Parents < 100 || c.Parents > 2_000_000 {
		faults = append(faults, fmt.Errorf("parents %d is not between 100 and 2000000", c.Parents))
	}
	if c.Years == 0 && (c.Weeks < 4 || c.Weeks > region.MaxWeeks) {
		faults = append(faults, fmt.Errorf("weeks %d is not between 4 and %d", c.Weeks, region.MaxWeeks))
	}
	if c.Schools == 0 {
		assumed, err := region.ReadAssumptions()
		if err != nil {
			return c, err
		}
		c.Schools = 30 * max(1, int(math.Round(float64(c.Parents)/assumed.ParentsASchool/30)))
		c.Schools = min(c.Schools, c.Parents/10)
	}
	if c.Schools < 3 || c.Schools > c.Parents/10 {
		faults = append(faults, fmt.Errorf("schools %d is not between 3 and a tenth of the parents", c.Schools))
	}
	return c, errors.Join(faults...)
}

// Check refuses a configuration of which there is no region, with all its faults.
func (c Config) Check() error {
	if _, err := c.filled(); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return nil
}

// Write writes raw/, study.toml, study-cas.toml and, last, truth.json under dir,
// which is made if it does not exist; what an earlier run wrote there is replaced, raw
// logs that are not simulated never. direct.json is written when asked for, and always
// of years. progress, if not nil, is told how many of the schools are done.
func Write(ctx context.Context, dir string, config Config, progress func(done, total int64)) error {
	c, err := config.filled()
	if err == nil {
		err = c.write(ctx, dir, progress)
	}
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return nil
}

func (c Config) write(ctx context.Context, dir string, progress func(done, total int64)) error {
	w, err := c.window()
	if err != nil {
		return err
	}
	r := region.New(region.Plan{Window: w, Seed: c.Seed, Parents: c.Parents, Schools: c.Schools,
		Selection: c.Selection})
	if err := makeRoom(dir); err != nil {
		return err
	}
	if err := errors.Join(raw.WriteReference(dir, r), writeStudies(dir, w)); err != nil {
		return err
	}
	j := job{region: r, dir: dir, direct: c.Direct, threads: c.Threads, progress: progress}
	direct, err := j.run(ctx)
	if err != nil {
		return err
	}
	if c.Direct {
		found := &Truth{Synthetic: true, Values: direct.Values(), Counts: direct.Counts()}
		if err := writeJSON(dir, "direct.json", found); err != nil {
			return err
		}
	}
	t, err := c.truth(ctx, r, direct)
	if err != nil {
		return err
	}
	if err := durable.SyncTree(dir); err != nil { // truth.json says that all of it is there
		return err
	}
	return writeJSON(dir, "truth.json", t)
}

// truth is what was planted: of weeks the values of the superpopulation, of years
// the effects.
func (c Config) truth(ctx context.Context, r *region.Region, direct *oracle.Totals) (t *Truth, err error) {
	if c.Years > 0 {
		t = &Truth{Synthetic: true, Values: oracle.Effects(r, direct)}
	} else if t, err = oracle.Superpopulation(ctx, c.Weeks, c.Parents); err != nil {
		return nil, err
	}
	t.SizeTo(float64(c.Parents) / float64(c.Schools))
	t.Region = &Region{Parents: c.Parents, Schools: c.Schools, Weeks: c.Weeks, Years: c.Years, Seed: c.Seed}
	t.Assumptions, t.Plants = c.assumptions(r.Assumed), r.Planted()
	return t, nil
}

// assumptions is what truth.json says of the generator.
func (c Config) assumptions(a *region.Assumptions) map[string]any {
	list := a.List(c.Years > 0)
	list["weeks"], list["schools"] = c.Weeks, c.Schools
	if years, ok := list["years"].(map[string]any); ok {
		years["selection"] = string(c.Selection)
	}
	return list
}
