package national

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/entscope/entscope/ingest/source"
)

// SchoolWeek is a school and the Monday of a week, in days since 1970.
type SchoolWeek struct {
	UAI     string
	WeekDay int32
}

// ProfileCounts are what a row of profils says of the profiles of ProfileItems; -1 for
// what it does not say.
type ProfileCounts struct{ Visits, Users []int64 }

// ProfileItems are the profiles of a row of profils: all of them first.
func ProfileItems() []string { return Profiles.Items() }

// Recognise tells what a file is; the error wraps ErrUnknown for one that is none of
// the national files.
func Recognise(path string) (Kind, error) {
	d, err := source.Open(path)
	if err != nil {
		return "", err
	}
	defer d.Close()
	in := &Input{Path: path}
	if err := in.recognise(d); err != nil {
		return "", err
	}
	return in.layout.kind, nil
}

// counted is a row of one of several files, with its place.
type counted struct {
	counts ProfileCounts
	file   int
	at     place
}

// ReadProfiles reads the wanted rows of files of profils. Of two
// versions of a row the newer stands, as in an edition; doubts are those of the files.
func ReadProfiles(ctx context.Context, files []string, wanted func(SchoolWeek) bool, threads int) (
	map[SchoolWeek]ProfileCounts, []string, error) {
	inputs, err := identify(ctx, files)
	if err != nil {
		return nil, nil, err
	}
	label(inputs)
	b := builder{inputs: inputs}
	found := map[SchoolWeek][]counted{}
	some := b.of(Profiles)
	for i, in := range some {
		if err := in.collect(ctx, i, wanted, threads, found); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	for _, in := range inputs {
		if in.tally == nil { // the bytes of another file, or of another kind
			in.tally = newTally()
		}
	}
	b.account()
	return newest(found, ranks(some)), b.manifest.Warnings, nil
}

// collect adds the wanted rows of a file to those found.
func (in *Input) collect(ctx context.Context, number int, wanted func(SchoolWeek) bool, threads int,
	found map[SchoolWeek][]counted) error {
	var mutex sync.Mutex
	emit := func(r *row, at place) error {
		key := SchoolWeek{uai(r.uai), r.week}
		if !wanted(key) {
			return nil
		}
		c := counted{file: number, at: at}
		for i := 0; i < len(r.values); i += len(measures) {
			c.counts.Visits = append(c.counts.Visits, r.values[i])
			c.counts.Users = append(c.counts.Users, r.values[i+1])
		}
		mutex.Lock()
		defer mutex.Unlock()
		found[key] = append(found[key], c)
		return nil
	}
	if _, err := in.decoders(ctx, threads, func() *decoder { return newDecoder(in.layout, emit) }); err != nil {
		return err
	}
	return in.settle()
}

// newest keeps one version of each row: of the newest file, and in it the last.
func newest(found map[SchoolWeek][]counted, rank []int) map[SchoolWeek]ProfileCounts {
	rows := map[SchoolWeek]ProfileCounts{}
	for key, versions := range found {
		rows[key] = slices.MaxFunc(versions, func(a, b counted) int {
			switch {
			case rank[a.file] != rank[b.file]:
				return rank[a.file] - rank[b.file]
			case a.at.before(b.at):
				return -1
			}
			return 1
		}).counts
	}
	return rows
}
