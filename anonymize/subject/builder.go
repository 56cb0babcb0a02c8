package subject

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/utility"
)

// Engine is what behaviours are computed on: that of the flow, and files of Parquet as its tables.
type Engine interface {
	flow.Engine
	// Load makes a table of files that go away.
	Load(ctx context.Context, table string, files []string) error
	// Attach makes a view over files that stay.
	Attach(ctx context.Context, view string, files []string) error
	// Bounded says whether large tables must be asked a part at a time.
	Bounded() bool
	Close() error
}

// Builder holds the behaviours of one study in a bounded engine and gives the
// tables of an edition. It is not safe for concurrent use.
type Builder struct {
	o      Options
	engine Engine
	// embedded is the engine of this machine, nil where another has its place.
	embedded *engine.Engine
	run      *flow.Runner
	graph    *flow.Graph
	written  contributions
	scratch  string
	schools  map[int64]school
	numbers  familyNumbers
	// attested are counts of the restricted zone.
	attested map[string]int64
	notes    []string
	// common is what any edition attests and notes: the rest is of the tables of one.
	common struct {
		attested map[string]int64
		notes    []string
	}
	// known are the facts that families of measures need: what the directory, the
	// feeds and the registers say. What is absent gives no rows: it is not a count
	// of zero.
	known    map[string]bool
	persons  int64 // of the directory
	slices   []slice
	done     int            // slices, over the passes over the events
	rounds   map[string]int // of the tables that are compacted
	checkers []checkerRow
	noise    *perturb.Noise
	widths   utility.Comparison // of sums, as they leave
	// attributedTo are the schools that persons under study are attributed to, once they were asked for.
	attributedTo []int64
	// together are the schools of one cluster where none may be recognised.
	together []atom
	// joined are the schools of the clusters of each measure or curve that must not be known of a school.
	joined map[counted]joined
	// groups are those of the schools in each grouping by school.
	groups map[string]map[int64]string
}

type school struct {
	uai, name, level, sector, ep string
	ips                          int64
}

// Close frees the engine and removes what it spilled.
func (b *Builder) Close() error {
	var err error
	if b.engine != nil {
		err = b.engine.Close()
	}
	return errors.Join(err, os.RemoveAll(b.scratch))
}

// Attested gives counts of the restricted zone that no file of an edition can prove.
func (b *Builder) Attested() map[string]int64 { return b.attested }

// Notes are sentences on what was left out and why.
func (b *Builder) Notes() []string { return b.notes }

// put makes a table of rows computed in Go.
func put[T any](ctx context.Context, b *Builder, table string, rows []T) error {
	file := filepath.Join(b.scratch, table+".parquet")
	if err := parquet.WriteFile(file, rows); err != nil {
		return fmt.Errorf("subject: table %s: %w", table, err)
	}
	defer os.Remove(file)
	if err := b.engine.Load(ctx, table, []string{file}); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	b.run.Provided(table, flow.Table)
	return nil
}

// attach gives a view over the files of a zone's table, an empty one if there are none.
func attach[T any](ctx context.Context, b *Builder, view string, files []string) error {
	return b.attachFiles(ctx, view, files, func(path string) error { return parquet.WriteFile(path, []T{}) })
}

// attachFiles gives a view over the files of a zone's table; of none, over the one that empty writes.
func (b *Builder) attachFiles(ctx context.Context, view string, files []string, empty func(path string) error) error {
	if len(files) == 0 {
		files = []string{filepath.Join(b.scratch, "empty_"+view+".parquet")}
		if err := empty(files[0]); err != nil {
			return fmt.Errorf("subject: table %s: %w", view, err)
		}
	}
	if err := b.engine.Attach(ctx, view, files); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	b.run.Provided(view, flow.View)
	return nil
}

// knows says whether everything is known that a family or a curve needs.
func (b *Builder) knows(facts []string) bool {
	return !slices.ContainsFunc(facts, func(fact string) bool { return !b.known[fact] })
}

// familyNumbers are the numbers of families, and their record keys by number.
type familyNumbers struct {
	of   map[int64]uint32
	keys []uint32
}

// least is how many persons a cell must have to be written: the floor, whatever its
// noise. Were it the number that leaves that decides, the cells near the floor would be
// those that noise made larger: their shares would be too small, and that they stand
// would tell of their noise.
func (b *Builder) least(floor int64) int64 { return floor + int64(b.noise.Maximum()) }

// salt is the part of every random choice that comes from the input.
func (b *Builder) salt() int64 {
	sum := sha256.Sum256([]byte(b.o.Zone.Hash()))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}
