package release

import (
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

//go:embed sql/*.sql
var statements embed.FS

// Zone is a restricted zone as lists of live Parquet files.
type Zone interface {
	Files(table string) []string
	EventFiles(bucket int) []string
	Buckets() int
}

// Census is who stands behind a release: the schools of the perimeter, and each
// person with what is known of them in the window.
type Census struct {
	schools []int64 // keys of UAI numbers, in order
	places  []place // of these schools
	persons sketch
}

// A token is a person (its high 40 bits) and their content.
const contentBits = 24

// Take makes the census of a window. Days are days since 1970-01-01, both
// included. A person's content is what they did and where they belonged, not what
// registers say of their schools.
func Take(ctx context.Context, z Zone, start, end int32, c engine.Config) (census *Census, err error) {
	e, err := engine.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("release: census: %w", err)
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	for _, table := range []string{"people", "memberships", "schools"} {
		files := z.Files(table)
		if len(files) == 0 {
			return nil, fmt.Errorf("release: census: the restricted zone has no %s", table)
		}
		if err := e.Attach(ctx, table, files); err != nil {
			return nil, fmt.Errorf("release: census: %w", err)
		}
	}
	contents := map[int64]uint64{}
	schools := map[int64][]int64{} // the persons of each
	window := map[string]any{"start": start, "end": end}
	if err := ask(ctx, e, "presence", window, func(row []int64) {
		contents[row[0]] += digest(row[1:]...)
		schools[row[1]] = append(schools[row[1]], row[0])
	}); err != nil {
		return nil, err
	}
	for bucket := range z.Buckets() {
		files := z.EventFiles(bucket)
		if len(files) == 0 {
			continue
		}
		if err := e.Attach(ctx, "record", files); err != nil {
			return nil, fmt.Errorf("release: census of bucket %d: %w", bucket, err)
		}
		if err := ask(ctx, e, "activity", window, func(row []int64) {
			contents[row[0]] += digest(row[1:]...)
		}); err != nil {
			return nil, err
		}
	}
	census = &Census{schools: slices.Sorted(maps.Keys(schools))}
	census.places = make([]place, len(census.schools))
	for i, school := range census.schools {
		for _, person := range schools[school] {
			census.places[i].add(uint64(person), contents[person])
		}
	}
	for person, content := range contents {
		census.persons.add(uint64(person)>>(63-40)<<contentBits | content>>(64-contentBits))
	}
	return census, nil
}

// digest mixes the numbers of a row.
func digest(row ...int64) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		h = mix(h ^ uint64(v))
	}
	return h
}

// ask runs sql/question.sql and gives its rows, whole numbers all.
func ask(ctx context.Context, e *engine.Engine, question string, args map[string]any, each func(row []int64)) error {
	text, err := statements.ReadFile("sql/" + question + ".sql")
	if err != nil {
		return fmt.Errorf("release: no statement %s", question)
	}
	s, err := flow.Parse(question, string(text))
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	sql, bound, err := s.Bind(nil, args)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	err = e.Query(ctx, sql, func(rec arrow.Record) error {
		row := make([]int64, rec.NumCols())
		for i := range int(rec.NumRows()) {
			for j, column := range rec.Columns() {
				numbers, ok := column.(*array.Int64)
				if !ok || numbers.IsNull(i) {
					return errors.New("column " + strconv.Itoa(j) + " is no whole number")
				}
				row[j] = numbers.Value(i)
			}
			each(row)
		}
		return nil
	}, bound...)
	if err != nil {
		return fmt.Errorf("release: %s: %w", question, err)
	}
	return nil
}

// changed counts the persons who joined, left or did something else between two
// censuses; many is true when they are too many to be told.
func (c *Census) changed(o *Census) (persons int, many bool) {
	tokens, ok := c.persons.differences(&o.persons)
	if !ok {
		return 0, true
	}
	seen := map[uint64]bool{}
	for _, t := range tokens {
		seen[t>>contentBits] = true
	}
	return len(seen), false
}

// meets reports whether two censuses have a school in common.
func (c *Census) meets(o *Census) bool {
	i, j := 0, 0
	for i < len(c.schools) && j < len(o.schools) {
		switch {
		case c.schools[i] == o.schools[j]:
			return true
		case c.schools[i] < o.schools[j]:
			i++
		default:
			j++
		}
	}
	return false
}

// apart reports whether in some school, of either census, at least one and fewer than
// small persons may have changed. It errs on the safe side: of small persons and a few
// more it may say so too.
func (c *Census) apart(o *Census, small int) bool {
	here, there := c.bySchool(), o.bySchool()
	for school, p := range there {
		if _, both := here[school]; !both {
			here[school], there[school] = place{}, p
		}
	}
	for school, p := range here {
		if n := p.differences(there[school]); n > 0 && n < small {
			return true
		}
	}
	return false
}

func (c *Census) bySchool() map[int64]place {
	of := map[int64]place{}
	for i, s := range c.schools {
		of[s] = c.places[i]
	}
	return of
}

func (c *Census) marshal() []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(c.schools)))
	for i, s := range c.schools {
		b = binary.BigEndian.AppendUint64(b, uint64(s))
		for _, sum := range c.places[i] {
			b = binary.BigEndian.AppendUint16(b, sum)
		}
	}
	return append(b, c.persons.marshal()...)
}

func (c *Census) unmarshal(b []byte) error {
	if len(b) < 4+sketchBytes {
		return errors.New("a census that is cut")
	}
	n := int(binary.BigEndian.Uint32(b))
	b = b[4:]
	if len(b) != schoolBytes*n+sketchBytes {
		return errors.New("a census of another size")
	}
	c.schools, c.places = make([]int64, n), make([]place, n)
	for i := range c.schools {
		at := b[schoolBytes*i:]
		c.schools[i] = int64(binary.BigEndian.Uint64(at))
		for j := range c.places[i] {
			c.places[i][j] = binary.BigEndian.Uint16(at[8+2*j:])
		}
	}
	return c.persons.unmarshal(b[schoolBytes*n:])
}
