package zone

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// DirectoryError says that too many records of some kinds of the directory's files
// were rejected; nothing of the directory is in the zone.
type DirectoryError struct {
	Kinds []string // one sentence a kind, in order
}

func (e *DirectoryError) Error() string {
	return "directory: " + strings.Join(e.Kinds, "\ndirectory: ")
}

// smallKind is the number of records below which a kind with too many rejects is
// a warning only: a share of so few says little.
const smallKind = 100

// enoughAccepted refuses a directory of which too much could not be read: of any
// kind of file, so that the many lines of one register do not hide that another
// is mapped wrongly.
func enoughAccepted(d *directory.Directory, share float64) (doubts []string, err error) {
	read, rejected := map[string]int64{}, map[string]int64{}
	for i := range d.Files {
		f := &d.Files[i]
		read[f.Kind] += f.Read()
		rejected[f.Kind] += f.Read() - f.Used - f.Ignored
	}
	var refused []string
	for _, kind := range slices.Sorted(maps.Keys(read)) {
		if float64(rejected[kind]) <= share*float64(read[kind]) {
			if float64(rejected[kind]) > highRejects*float64(read[kind]) {
				doubts = append(doubts, fmt.Sprintf("%s: %d of %d records refused", kind, rejected[kind], read[kind]))
			}
			continue
		}
		text := fmt.Sprintf("%s: %d of %d records refused, more than the allowed share of %g; "+
			"hint: entscope check names the reasons",
			kind, rejected[kind], read[kind], share)
		if read[kind] < smallKind {
			doubts = append(doubts, text)
		} else {
			refused = append(refused, text)
		}
	}
	if len(refused) > 0 {
		return doubts, &DirectoryError{refused}
	}
	return doubts, nil
}
