package release

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

//go:embed sql/*.sql sql/told/*.sql
var statements embed.FS

// Zone is a restricted zone as lists of live Parquet files.
type Zone interface {
	Files(table string) []string
	EventFiles(bucket int) []string
	Buckets() int
}

// Census is who stands behind a release: the schools of the perimeter with what the reference
// says of them, and each person with what is known of them in the window.
type Census struct {
	schools    []int64  // keys of UAI numbers, in order
	references []uint64 // what the reference says of each
	groups     []groups // of which each is
	places     map[uint64]place
	persons    sketch // with all that is known of each in the window
	known      sketch // with what a row of a person shows of directory and registers
}

// groups name the group of a school in each grouping of schools that cells are counted by.
type groups [7]uint16

// A token of a sketch is a person (its high 40 bits) and their content.
const contentBits = 24

// Window is what a census is of: days since 1970-01-01, both included, and the days before which a
// school has had the portal for two and for five years.
type Window struct {
	Start, End                      int32
	TwoYearsBefore, FiveYearsBefore int32
}

// Take makes the census of a window. A person's content is what they did, where they belonged, and what the directory
// and the registers say of them.
func Take(ctx context.Context, z Zone, w Window, c engine.Config) (census *Census, err error) {
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
	contents, known := map[int64]uint64{}, map[int64]uint64{}
	schools := map[int64]bool{}
	references := map[int64]uint64{}
	standing := map[uint64]map[int64]bool{} // the persons of each place
	window := map[string]any{"start": w.Start, "end": w.End}
	if err := ask(ctx, e, statement{name: "schools"}, nil, func(row []int64) {
		references[row[0]] = digest(row[1:]...)
	}); err != nil {
		return nil, err
	}
	of := map[int64]groups{}
	if err := ask(ctx, e, statement{name: "groups"}, map[string]any{
		"two_years_before": w.TwoYearsBefore, "five_years_before": w.FiveYearsBefore,
	}, func(row []int64) {
		var g groups
		for i := range g {
			g[i] = uint16(digest(row[1+i]))
		}
		of[row[0]] = g
	}); err != nil {
		return nil, err
	}
	if err := ask(ctx, e, statement{name: "presence"}, window, func(row []int64) {
		contents[row[0]] += digest(row[1:]...)
		known[row[0]] += digest(row[1], row[2]) // without days: they begin and end with the window
		schools[row[1]] = true
		for _, key := range []uint64{digest(row[1]), digest(row[1], row[2])} { // the school, and the grade level in it
			if standing[key] == nil {
				standing[key] = map[int64]bool{}
			}
			standing[key][row[0]] = true
		}
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
		if err := ask(ctx, e, statement{name: "activity"}, window, func(row []int64) {
			contents[row[0]] += digest(row[1:]...)
		}); err != nil {
			return nil, err
		}
	}
	if err := told(ctx, e, z, window, func(row []int64, s statement) {
		if _, inPerimeter := contents[row[0]]; !inPerimeter {
			return
		}
		contents[row[0]] += digest(row[1:]...)
		if slices.Contains(inRows, s.name) {
			known[row[0]] += digest(row[1:]...)
		}
	}); err != nil {
		return nil, err
	}
	census = &Census{schools: slices.Sorted(maps.Keys(schools)), places: map[uint64]place{}}
	for _, s := range census.schools {
		census.references, census.groups = append(census.references, references[s]), append(census.groups, of[s])
	}
	for key, persons := range standing {
		var p place
		for person := range persons {
			p.add(uint64(person), contents[person])
		}
		census.places[key] = p
	}
	for person, content := range contents {
		census.persons.addPerson(person, content)
		census.known.addPerson(person, known[person])
	}
	return census, nil
}

// inRows are the statements of sql/told of which a row of a person shows something.
var inRows = []string{"told/people", "told/links", "told/accompaniment"}

// toldBy lists the statements on what the directory and the registers say of persons, and the
// table of each: a file of sql/told is one.
func toldBy() (list []statement, err error) {
	files, err := statements.ReadDir("sql/told")
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	for _, f := range files {
		s := statement{name: "told/" + strings.TrimSuffix(f.Name(), ".sql"), table: "people"}
		parsed, err := s.parse()
		if err != nil {
			return nil, err
		}
		for _, table := range parsed.Reads {
			if table != "people" {
				s.table = table
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// told hands over what the directory and the registers that are there say of persons until
// the end of the window; behind the person stands the digest of the statement. No key of the
// study stands in it: what is told outlives a new salt.
func told(
	ctx context.Context, e *engine.Engine, z Zone, window map[string]any, each func(row []int64, of statement),
) error {
	list, err := toldBy()
	if err != nil {
		return err
	}
	for _, s := range list {
		files := z.Files(s.table)
		if len(files) == 0 {
			continue
		}
		if err := e.Attach(ctx, s.table, files); err != nil {
			return fmt.Errorf("release: census: %w", err)
		}
		name := digestText(s.name)
		if err := ask(ctx, e, s, window, func(row []int64) {
			each(append([]int64{row[0], name}, row[1:]...), s)
		}); err != nil {
			return err
		}
	}
	return nil
}

// digest mixes the numbers of a row.
func digest(row ...int64) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		h = mix(h ^ uint64(v))
	}
	return h
}

// A statement is sql/name.sql; of what is told, the table that it asks.
type statement struct{ name, table string }

func (s statement) parse() (*flow.Statement, error) {
	text, err := statements.ReadFile("sql/" + s.name + ".sql")
	if err != nil {
		return nil, fmt.Errorf("release: no statement %s", s.name)
	}
	parsed, err := flow.Parse(path.Base(s.name), string(text))
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	return parsed, nil
}

// digestText is the digest of a text.
func digestText(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// ask runs a statement and gives its rows: whole numbers, and for a text its digest.
func ask(ctx context.Context, e *engine.Engine, of statement, args map[string]any, each func(row []int64)) error {
	s, err := of.parse()
	if err != nil {
		return err
	}
	sql, bound, err := s.Bind(nil, args)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	err = e.Query(ctx, sql, func(rec arrow.Record) error {
		row := make([]int64, rec.NumCols())
		for i := range int(rec.NumRows()) {
			for j, column := range rec.Columns() {
				switch c := column.(type) {
				case *array.Int64:
					row[j] = c.Value(i)
				case *array.String:
					row[j] = digestText(c.Value(i))
				default:
					return errors.New("column " + strconv.Itoa(j) + " is neither a whole number nor a text")
				}
				if column.IsNull(i) {
					return errors.New("column " + strconv.Itoa(j) + " holds nothing")
				}
			}
			each(row)
		}
		return nil
	}, bound...)
	if err != nil {
		return fmt.Errorf("release: %s: %w", of.name, err)
	}
	return nil
}

// moved counts the schools of both censuses that the reference describes otherwise.
func (c *Census) moved(o *Census) (n int) {
	for i, s := range c.schools {
		if j, both := slices.BinarySearch(o.schools, s); both && c.references[i] != o.references[j] {
			n++
		}
	}
	return n
}

// meets reports whether two censuses have a school in common.
func (c *Census) meets(o *Census) bool {
	return slices.ContainsFunc(c.schools, func(s int64) bool {
		_, both := slices.BinarySearch(o.schools, s)
		return both
	})
}

// apart reports whether in some place, of either census, at least one and fewer than small
// persons may have changed. It errs on the safe side: of small persons and a few more it
// may say so too.
func (c *Census) apart(o *Census, small int) bool {
	few := func(n int) bool { return n > 0 && n < small }
	for key, p := range c.places { // a place that is not there is one of nobody
		if few(p.differences(o.places[key])) {
			return true
		}
	}
	for key, p := range o.places {
		if _, seen := c.places[key]; !seen && few(p.differences(place{})) {
			return true
		}
	}
	return false
}

func (c *Census) marshal() []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(c.schools)))
	for i, s := range c.schools {
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(s)), c.references[i])
		for _, g := range c.groups[i] {
			b = binary.BigEndian.AppendUint16(b, g)
		}
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(c.places)))
	for _, key := range slices.Sorted(maps.Keys(c.places)) {
		b = binary.BigEndian.AppendUint64(b, key)
		for _, sum := range c.places[key] {
			b = binary.BigEndian.AppendUint16(b, sum)
		}
	}
	return append(append(b, c.persons.marshal()...), c.known.marshal()...)
}

// schoolBytes is a school in a census.
const schoolBytes = 8 + 8 + 2*len(groups{})

var errCensus = errors.New("a census of another size (hint: an earlier version of entscope wrote it)")

func (c *Census) unmarshal(b []byte) error {
	schools, b, err := list(b, schoolBytes)
	if err != nil {
		return err
	}
	places, b, err := list(b, placeBytes)
	if err != nil {
		return err
	}
	c.schools, c.places = make([]int64, len(schools)), make(map[uint64]place, len(places))
	c.references, c.groups = make([]uint64, len(schools)), make([]groups, len(schools))
	for i, s := range schools {
		c.schools[i], c.references[i] = int64(binary.BigEndian.Uint64(s)), binary.BigEndian.Uint64(s[8:])
		for j := range c.groups[i] {
			c.groups[i][j] = binary.BigEndian.Uint16(s[16+2*j:])
		}
	}
	for _, at := range places {
		var p place
		for j := range p {
			p[j] = binary.BigEndian.Uint16(at[8+2*j:])
		}
		c.places[binary.BigEndian.Uint64(at)] = p
	}
	if len(b) != 2*sketchBytes {
		return errCensus
	}
	return errors.Join(c.persons.unmarshal(b[:sketchBytes]), c.known.unmarshal(b[sketchBytes:]))
}

// list takes a number and so many pieces of a size from the head of b.
func list(b []byte, size int) (pieces [][]byte, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errCensus
	}
	n := int(binary.BigEndian.Uint32(b))
	if b = b[4:]; len(b)/size < n {
		return nil, nil, errCensus
	}
	return slices.Collect(slices.Chunk(b[:n*size], size)), b[n*size:], nil
}
