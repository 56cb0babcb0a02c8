package zone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"golang.org/x/sync/errgroup"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/join"
)

// joinsFile keeps what was measured of a zone, so that a run that changes nothing need not measure again.
const joinsFile = "joins.json"

// measured is joins.json: exact counts, for the operator alone.
type measured struct {
	Of      string           `json:"of"` // what was measured
	Joins   []join.Join      `json:"joins"`
	Outside map[string]int64 `json:"outside,omitempty"` // events outside the window, by feed
}

// Joins are the joins of the zone in dir as they were measured last; none before.
func Joins(dir string) ([]join.Join, error) {
	m, err := readMeasured(dir)
	return m.Joins, err
}

func readMeasured(dir string) (m measured, err error) {
	data, err := os.ReadFile(filepath.Join(dir, joinsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return measured{}, fmt.Errorf("zone: %s: %w", joinsFile, err)
	}
	return m, nil
}

// measure counts whom the events of the zone name and whom the directory knows, one bucket of persons at a time, and
// keeps what it found.
func (z *Zone) measure(
	ctx context.Context, j *Joining, people *People, d *directory.Directory, threads int,
) (measured, error) {
	of := sha256.New()
	fmt.Fprintf(of, "1 %s %d %d %d", z.Hash(), j.Subject, j.Start, j.End)
	for _, f := range j.Feeds {
		fmt.Fprintf(of, " %d %q %q", f.Number, f.Name, f.Accounts)
	}
	m, err := readMeasured(z.dir)
	if name := hex.EncodeToString(of.Sum(nil)); err == nil && m.Of == name {
		return m, nil
	} else {
		m = measured{Of: name}
	}
	t, err := z.tally(ctx, j, people, threads)
	if err != nil {
		return m, err
	}
	m.Joins, m.Outside = append(t.joins(j), d.Joins...), t.outsideOf(j)
	data, err := json.MarshalIndent(m, "", " ")
	if err == nil {
		err = z.disk.WriteFile(filepath.Join(z.dir, joinsFile), append(data, '\n'), 0o600)
	}
	if err != nil {
		return m, fmt.Errorf("zone: %s: %w", joinsFile, err)
	}
	return m, nil
}

func (z *Zone) tally(ctx context.Context, j *Joining, people *People, threads int) (*tally, error) {
	t, known := newTally(), j.knownSchools()
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, threads))
	for bucket := range z.Buckets() {
		group.Go(func() error {
			part := j.naming()
			for _, file := range z.EventFiles(bucket) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := part.read(file); err != nil {
					return fmt.Errorf("zone: joins: %s: %w", filepath.Base(file), err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			t.add(part, people.Knows, known)
			return nil
		})
	}
	return t, group.Wait()
}

// read adds the rows of a file, a row group at a time. Only what a join is told by is read, column by column: a row by
// itself costs seven times as much.
func (n *naming) read(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return err
	}
	var (
		persons []int64
		of      [4][]int32 // by the names below
	)
	for _, group := range in.RowGroups() {
		if persons, err = column(group, "person_key", persons[:0], (*encoding.Values).Int64); err != nil {
			return err
		}
		for i, name := range []string{"local_date", "school_key", "profile", "feed"} {
			if of[i], err = column(group, name, of[i][:0], (*encoding.Values).Int32); err != nil {
				return err
			}
			if len(of[i]) != len(persons) {
				return fmt.Errorf("column %s: %w", name, ErrZone)
			}
		}
		for i, person := range persons {
			n.add(&EventRow{
				PersonKey: person, LocalDate: of[0][i], SchoolKey: of[1][i], Profile: int8(of[2][i]), Feed: int8(of[3][i]),
			})
		}
	}
	return nil
}

// column appends the values of a column, which has no dictionary.
func column[T any](group parquet.RowGroup, name string, values []T, of func(*encoding.Values) []T) ([]T, error) {
	leaf, ok := group.Schema().Lookup(name)
	if !ok {
		return nil, fmt.Errorf("column %s: %w", name, ErrZone)
	}
	pages := group.ColumnChunks()[leaf.ColumnIndex].Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return values, nil
		} else if err != nil {
			return nil, err
		}
		if page.Dictionary() != nil {
			return nil, fmt.Errorf("column %s: %w", name, ErrZone)
		}
		data := page.Data()
		values = append(values, of(&data)...)
		parquet.Release(page)
	}
}
