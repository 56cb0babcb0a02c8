package release

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

// tables are those of the restricted zone beside the events that a census reads; the first three must be there.
var tables = []string{
	"people", "memberships", "schools",
	"accounts", "links", "calendar", "publications", "contents", "settings", "report_books", "training", "messages",
	"accompaniment", "equipment", "procedures", "loans", "meetings",
}

// taking is a census while it is taken.
type taking struct {
	engine *engine.Engine
	zone   Zone
	args   map[string]any
	tables map[string]bool // that are there

	contents, known map[int64]uint64 // by person
	schools         map[int64]bool   // of the persons
	classes         map[int64]int64  // a digest of the pupils of each, by its salted key
	detail          detail
}

// detail is a sum of digests of all that cells are made of, under no salt: the same for what a copy of the zone holds,
// in whatever order and number of deliveries it came, and another where one value of one row is another.
type detail [2]uint64

func (d *detail) add(row ...int64) {
	h := digest(row...)
	d[0] += h
	d[1] += mix(h ^ 0x9e6c63d0876a9a47)
}

func (d *detail) marshal() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, d[0]), d[1])
}

// Take makes the census of a window. A person's content is what they did, where they belonged, and what the directory
// and the registers say of them.
func Take(ctx context.Context, z Zone, w Window, c engine.Config) (census *Census, err error) {
	e, err := engine.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("release: census: %w", err)
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	t := &taking{engine: e, zone: z, tables: map[string]bool{},
		args: map[string]any{"start": w.Start, "end": w.End,
			"two_years_before": w.TwoYearsBefore, "five_years_before": w.FiveYearsBefore},
		contents: map[int64]uint64{}, known: map[int64]uint64{}, schools: map[int64]bool{},
		classes: map[int64]int64{}}
	if err := t.attach(ctx); err != nil {
		return nil, err
	}
	references, of := map[int64]uint64{}, map[int64]groups{}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return t.reference(ctx, references, of) },
		t.presence, t.events, t.told, t.whole,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	census = &Census{schools: slices.Sorted(maps.Keys(t.schools)), places: map[uint64]place{}}
	for _, s := range census.schools {
		census.references, census.groups = append(census.references, references[s]), append(census.groups, of[s])
	}
	if err := t.places(ctx, census.places); err != nil {
		return nil, err
	}
	t.fill(census)
	return census, nil
}

// attach gives the engine the tables that are there.
func (t *taking) attach(ctx context.Context) error {
	for i, table := range tables {
		files := t.zone.Files(table)
		switch {
		case len(files) > 0:
		case i < 3:
			return fmt.Errorf("release: census: the restricted zone has no %s", table)
		default:
			continue
		}
		if err := t.engine.Attach(ctx, table, files); err != nil {
			return fmt.Errorf("release: census: %w", err)
		}
		t.tables[table] = true
	}
	return nil
}

// ask asks sql/name.sql.
func (t *taking) ask(ctx context.Context, name string, each func(row []int64)) error {
	s, err := read(name)
	if err != nil {
		return err
	}
	return s.ask(ctx, t.engine, t.args, each)
}

// reference asks what the reference says of each school, and in which groups cells count it.
func (t *taking) reference(ctx context.Context, references map[int64]uint64, of map[int64]groups) error {
	if err := t.ask(ctx, "schools", func(row []int64) { references[row[0]] = digest(row[1:]...) }); err != nil {
		return err
	}
	return t.ask(ctx, "groups", func(row []int64) {
		var g groups
		for i := range g {
			g[i] = uint16(digest(row[1+i]))
		}
		of[row[0]] = g
	})
}

// presence asks who belongs to the perimeter, and where.
func (t *taking) presence(ctx context.Context) error {
	return t.ask(ctx, "presence", func(row []int64) {
		t.contents[row[0]] += digest(row[1:]...)
		t.known[row[0]] += digest(row[1:]...)
		t.schools[row[1]] = true
	})
}

// places asks once more who belongs where, now that it is known what of whom. Rows come by person and school.
func (t *taking) places(ctx context.Context, places map[uint64]place) error {
	add := func(key uint64, person int64) {
		p := places[key]
		p.add(uint64(person), t.contents[person])
		places[key] = p
	}
	person, school := int64(-1), int64(-1)
	return t.ask(ctx, "presence", func(row []int64) {
		if row[0] != person || row[1] != school {
			person, school = row[0], row[1]
			add(digest(school), person)
		}
		add(digest(school, row[2]), person) // the grade level in it
	})
}

// events asks what was done, some buckets of persons after the others, and when which feed reported for which school.
func (t *taking) events(ctx context.Context) error {
	buckets := make([][]string, t.zone.Buckets())
	for bucket := range buckets {
		buckets[bucket] = t.zone.EventFiles(bucket)
	}
	covered := map[[5]int64]bool{}
	for _, files := range flow.Together(buckets, flow.BytesAtOnce) {
		if err := t.engine.Attach(ctx, "record", files); err != nil {
			return fmt.Errorf("release: census: %w", err)
		}
		if err := t.ask(ctx, "activity", func(row []int64) {
			t.contents[row[0]] += digest(row[1:]...)
		}); err != nil {
			return err
		}
		if err := t.ask(ctx, "coverage", func(row []int64) { covered[[5]int64(row)] = true }); err != nil {
			return err
		}
	}
	for row := range covered {
		t.detail.add(row[:]...)
	}
	return nil
}

// inRows are the statements of sql/told of which a row of a person shows something.
var inRows = []string{
	"told/people", "told/families", "told/links", "told/memberships", "told/accompaniment",
}

// told asks what the directory and the registers say of persons until the end of the window. No key of the study stands
// in it: what is told outlives a new salt.
func (t *taking) told(ctx context.Context) error {
	list, err := folder("told")
	if err != nil {
		return err
	}
	for _, s := range list {
		if !s.canAsk(t.tables) {
			continue
		}
		name := digestText(s.name)
		if err := s.ask(ctx, t.engine, t.args, func(row []int64) {
			if _, inPerimeter := t.contents[row[0]]; !inPerimeter {
				return
			}
			content := digest(append([]int64{name}, row[1:]...)...)
			t.contents[row[0]] += content
			if slices.Contains(inRows, s.name) {
				t.known[row[0]] += content
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// whole adds to the detail what concerns nobody in particular, or many at once: the calendar, what schools set and
// publish, who is in a class or a thread together. It is no content of a person: of one who changes class,
// all of two classes would have changed.
func (t *taking) whole(ctx context.Context) error {
	if err := t.ask(ctx, "class", func(row []int64) { t.classes[row[0]] += int64(digest(row[1])) }); err != nil {
		return err
	}
	list, err := folder("whole")
	if err != nil {
		return err
	}
	for _, s := range list {
		if !s.canAsk(t.tables) {
			continue
		}
		name, class := digestText(s.name), slices.Index(s.Columns, "class_key")
		if err := s.ask(ctx, t.engine, t.args, func(row []int64) {
			if class >= 0 {
				row[class] = t.classes[row[class]]
			}
			t.detail.add(append([]int64{name}, row...)...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// fill gives the census its persons.
func (t *taking) fill(c *Census) {
	for person, content := range t.contents {
		c.persons.addPerson(person, content)
		c.known.addPerson(person, t.known[person])
		t.detail.add(person, int64(content))
	}
	c.detail = t.detail
}
