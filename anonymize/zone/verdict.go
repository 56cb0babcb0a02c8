package zone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/join"
)

// Study is what of a study decides which of its input is looked at.
type Study struct {
	Subject ingest.Profile
	// Start and End are the first and last day of the window, in days since 1970.
	Start, End int32
	// Last is the last day of the window that there can be records of; 0 where it is not known.
	Last int32
}

func (s Study) joining(feeds []ingest.Feed, d *directory.Directory) *Joining {
	j := &Joining{Feeds: feeds, Study: s, Schools: d.Schools, Accounts: map[string]int64{}}
	for _, a := range d.Accounts {
		j.Accounts[strings.TrimPrefix(d.Namespaces[a.Namespace], "account/")]++
	}
	return j
}

// Limits are how much of the input may be missing or unreadable, as shares from 0
// to 1. Check and Fill judge by the same.
type Limits struct {
	// Rejected is the share of records that may be rejected: of a delivery, of a
	// feed, and of each kind of the directory's files.
	Rejected float64
	// Joins are the floors of the joins.
	Joins join.Floors
	// Lost is the share of the records of a table that may be gone since the last
	// time it was accepted, or be fewer than the study declares.
	Lost float64
}

// Verdict is what is doubtful of an input and what makes it unusable.
type Verdict struct {
	Doubts []string
	Faults []error
}

func (v *Verdict) add(o Verdict) {
	v.Doubts = append(v.Doubts, o.Doubts...)
	v.Faults = append(v.Faults, o.Faults...)
}

func (v *Verdict) doubt(format string, args ...any) {
	v.Doubts = append(v.Doubts, fmt.Sprintf(format, args...))
}

func (v *Verdict) fault(err error) {
	if err != nil {
		v.Faults = append(v.Faults, err)
	}
}

func (v *Verdict) texts() (texts []string) {
	for _, fault := range v.Faults {
		texts = append(texts, strings.Split(fault.Error(), "\n")...)
	}
	return texts
}

// err is an *UnusableError, or nil.
func (v *Verdict) err() error {
	if len(v.Faults) == 0 {
		return nil
	}
	return &UnusableError{errors.Join(v.Faults...)}
}

// UnusableError says that the input cannot be used as it is: a *RejectError, a
// *DirectoryError or a *join.Error, or several.
type UnusableError struct{ err error }

func (e *UnusableError) Error() string { return e.err.Error() }
func (e *UnusableError) Unwrap() error { return e.err }

// ofFeeds judges the deliveries of a run.
func (l *Limits) ofFeeds(feeds []ingest.Feed, s *Summary) (v Verdict) {
	v.fault(rejectFaults(feeds, s.present, l.Rejected))
	var declared []directory.Declared
	for _, f := range feeds {
		v.add(l.ofCompleteness(&f, s))
		if n := s.otherCase[f.Number]; n > 0 {
			v.doubt("feed %s: %d events are of accounts that the directory has in another case, and count as other "+
				"persons; hint: ignore_case = [%q] under [directory]", f.Name, n, f.Accounts)
		}
		c := s.present[f.Number]
		high := c != nil && float64(c.Rejected()) > highRejects*float64(c.Read)
		if high && !tooManyRejects(c, l.Rejected) {
			v.doubt("feed %s: %d of %d records rejected (%s)", f.Name, c.Rejected(), c.Read, reasons(c.Rejects))
		}
		if n := s.open[f.Number]; n > 0 {
			v.doubt("feed %s: %d deliveries end within a record: still being written, or cut; read as far as they go",
				f.Name, n)
		}
		if c != nil && f.Expected > 0 {
			declared = append(declared,
				directory.Declared{Table: "feed " + f.Name, Records: c.Read, Expected: f.Expected})
		}
	}
	doubts, fewer := l.ofDeclared(declared)
	v.Doubts = append(v.Doubts, doubts...)
	if len(fewer) > 0 {
		v.fault(&DirectoryError{fewer})
	}
	for _, r := range s.Refused {
		v.doubt("feed %s: delivery %s left out: %s", r.Feed, r.File, r.Reason)
	}
	return v
}

// highRejects is the share of rejects that is doubtful whatever the study allows.
const highRejects = 0.05

// rejectFaults is a *RejectError for each feed with too many rejects.
func rejectFaults(feeds []ingest.Feed, counts map[int]*ingest.Counts, share float64) error {
	var faults []error
	for _, f := range feeds {
		if c := counts[f.Number]; c != nil && tooManyRejects(c, share) {
			faults = append(faults, &RejectError{f.Name, c.Read, c.Rejected(), share, c.Rejects})
		}
	}
	return errors.Join(faults...)
}

// ofJoins judges how the feeds and the directory fit together.
func (l *Limits) ofJoins(j *Joining, m measured, d *directory.Directory) (v Verdict) {
	for _, f := range j.Feeds {
		inside := slices.ContainsFunc(m.Joins, func(one join.Join) bool { return one.From == "feed "+f.Name })
		switch n := m.Outside[f.Name]; {
		case inside || len(f.Files) == 0:
		case n > 0:
			v.doubt("feed %s: all its %d events are outside the window of the study", f.Name, n)
		default:
			v.doubt("feed %s: no record is used as an event", f.Name)
		}
	}
	if len(d.Persons) == 0 { // said where the persons are counted
		return v
	}
	doubts, err := l.Joins.Judge(m.Joins)
	v.Doubts = append(v.Doubts, doubts...)
	v.fault(err)
	return v
}

// ofDirectory judges the files of the directory and of the registers: how much of them could be read, whether they end
// where they should, and whether they have shrunk. sizes are those accepted last.
func (l *Limits) ofDirectory(d *directory.Directory, sizes map[string]int64) (v Verdict) {
	v.Doubts = slices.Clone(d.Warnings)
	var refused []string
	doubts, err := enoughAccepted(d, l.Rejected)
	v.Doubts = append(v.Doubts, doubts...)
	v.fault(err)
	for i := range d.Files {
		f := &d.Files[i]
		switch {
		case f.Cut:
			refused = append(refused, fmt.Sprintf(
				"%s: %s ends in the middle of a record, after %d records; hint: fetch it again",
				f.Kind, f.Name, f.Read()))
		case f.Open && !declares(d, f.Kind):
			v.doubt("%s: %s does not end with the end of a line: is it whole? hint: expect says how many rows it has",
				f.Kind, f.Name)
		}
	}
	doubts, lost := l.ofSizes(d.Sizes, sizes)
	declared, fewer := l.ofDeclared(d.Declared)
	v.Doubts = append(append(v.Doubts, doubts...), declared...)
	if refused = append(append(refused, lost...), fewer...); len(refused) > 0 {
		v.fault(&DirectoryError{refused})
	}
	return v
}

// declares reports whether the study says how many records a kind of table has.
func declares(d *directory.Directory, kind string) bool {
	return slices.ContainsFunc(d.Declared, func(t directory.Declared) bool {
		return t.Table == kind || strings.HasPrefix(t.Table, kind+" ")
	})
}

// noticed is the share of a table that may go from one delivery to the next without a word: pupils leave.
const noticed = 0.004

// ofSizes compares the sizes of tables with those accepted last. Of small tables a loss is a doubt and no refusal.
func (l *Limits) ofSizes(now, last map[string]int64) (doubts, refused []string) {
	for _, table := range slices.Sorted(maps.Keys(last)) {
		lost := float64(last[table]-now[table]) / float64(max(1, last[table]))
		text := fmt.Sprintf(
			"%s: %d, and %d when the input was accepted last; hint: is it whole? If so, --accept-loss says it",
			table, now[table], last[table])
		switch {
		case lost > l.Lost && last[table] >= smallKind:
			refused = append(refused, text)
		case lost > noticed:
			doubts = append(doubts, text)
		}
	}
	return doubts, refused
}

// ofDeclared compares the records of tables with the number that the study says they have.
func (l *Limits) ofDeclared(tables []directory.Declared) (doubts, refused []string) {
	for _, t := range tables {
		text := fmt.Sprintf("%s: %d records, the study expects %d", t.Table, t.Records, t.Expected)
		switch lost := float64(t.Expected-t.Records) / float64(t.Expected); {
		case lost > l.Lost:
			refused = append(refused, text)
		case lost != 0:
			doubts = append(doubts, text)
		}
	}
	return doubts, refused
}

// sizesFile remembers how many records the tables of the directory and the registers had when they were accepted.
const sizesFile = "sizes.json"

func readSizes(dir string) (map[string]int64, error) { return remembered[int64](dir, sizesFile) }

// remembered reads what an earlier run kept in a file of the zone, by name; a file that is not there is empty.
func remembered[T any](dir, file string) (map[string]T, error) {
	all := map[string]T{}
	data, err := os.ReadFile(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("zone: %s: %w", file, err)
	}
	return all, nil
}

// accept remembers the sizes of tables that have not shrunk beyond notice, so that a doubt is said each time until the
// rows are back or the loss is accepted.
func accept(disk durable.Disk, dir string, now, last map[string]int64) error {
	sizes := maps.Clone(last)
	for table, size := range now {
		if float64(size) >= (1-noticed)*float64(last[table]) {
			sizes[table] = size
		}
	}
	if maps.Equal(sizes, last) {
		return nil
	}
	data, err := json.MarshalIndent(sizes, "", " ")
	if err == nil {
		err = disk.WriteFile(filepath.Join(dir, sizesFile), append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("zone: %s: %w", sizesFile, err)
	}
	return nil
}
