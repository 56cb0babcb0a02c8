package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/aggregate"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/national"
)

// nationalComparison lays our visits of schools and weeks beside those of the DNMA.
type nationalComparison struct {
	Lines    []nationalLine `json:"lines"`
	Warnings []string       `json:"warnings,omitempty"`
	Notes    []string       `json:"notes,omitempty"`
}

// nationalLine is a school, a week and a profile that the DNMA has a row of. Theirs is
// -1 where the row says nothing; a ratio is ours ÷ theirs, null when theirs is 0.
type nationalLine struct {
	UAI         string   `json:"uai"`
	Week        string   `json:"week"`
	Profile     string   `json:"profile"`
	Visits      int64    `json:"visits"`
	TheirVisits int64    `json:"their_visits"`
	VisitsRatio *float64 `json:"visits_ratio"`
	Users       int64    `json:"users"`
	TheirUsers  int64    `json:"their_users"`
	UsersRatio  *float64 `json:"users_ratio"`
}

// nationalProfiles are the profiles of profils that are compared, in its order.
var nationalProfiles = []ingest.Profile{
	ingest.ProfileUnknown, // all of them
	ingest.ProfilePupil, ingest.ProfileParent, ingest.ProfileTeacher, ingest.ProfileAdmin,
}

// maxVisits bounds the memory of the comparison, at 32 bytes each.
const maxVisits = 1 << 25

// splitNational tells the national files from those of a platform.
func splitNational(files []string) (ministry, platform []string) {
	for _, path := range files {
		if _, err := national.Recognise(path); err == nil {
			ministry = append(ministry, path)
		} else {
			platform = append(platform, path)
		}
	}
	return ministry, platform
}

// compareNational counts the feeds of a study by school and week, and reads what the
// DNMA says of the same schools.
func compareNational(ctx context.Context, s *study.Study, d *directory.Directory, files []string) (
	*nationalComparison, error) {
	var profils []string
	c := new(nationalComparison)
	for _, path := range files {
		if kind, err := national.Recognise(path); err == nil && kind == national.Profiles {
			profils = append(profils, path)
		} else {
			c.Notes = append(c.Notes, fmt.Sprintf("%s: only %s is compared", filepath.Base(path),
				national.Profiles.Dataset()))
		}
	}
	who := newAffiliations(d)
	feeds, err := input.Feeds(s)
	if err != nil {
		return nil, inputError(err)
	}
	visits := aggregate.NewVisits(who, maxVisits)
	for i := range feeds {
		school := func(path string) int32 {
			if feeds[i].School == nil {
				return -1
			}
			return who.Named([]byte(feeds[i].School(filepath.Base(path))))
		}
		if err := visits.Count(ctx, &feeds[i], s.Limits.Threads, school, openDelivery); err != nil {
			return nil, err
		}
	}
	theirs, warnings, err := national.ReadProfiles(ctx, profils, who.hasSchool, max(1, s.Limits.Threads))
	if err != nil {
		return nil, nationalExit(err)
	}
	c.Warnings = warnings
	c.compare(who, visits, theirs, s.Window().Start, s.Window().End)
	return c, nil
}

// affiliations finds the person of an account and the school of a person.
type affiliations struct {
	d        *directory.Directory
	accounts map[string]int32 // namespace, a zero byte, account → person
	schools  map[string]int32 // UAI or alias → place in d.Schools
	of       map[int32][]directory.Membership
}

func newAffiliations(d *directory.Directory) *affiliations {
	a := &affiliations{d: d, accounts: map[string]int32{}, schools: map[string]int32{},
		of: map[int32][]directory.Membership{}}
	for i, account := range d.Accounts {
		namespace := d.Namespaces[account.Namespace]
		a.accounts[namespace+"\x00"+string(d.AccountID(int32(i)))] = d.Persons[account.Person].Same
	}
	for i := range d.Schools {
		if d.Schools[i].Perimeter {
			a.schools[d.Schools[i].UAI] = int32(i)
		}
	}
	for name, i := range d.Aliases {
		if _, taken := a.schools[name]; !taken && d.Schools[i].Perimeter {
			a.schools[name] = i
		}
	}
	for _, m := range d.Memberships {
		person := d.Persons[m.Person].Same
		a.of[person] = append(a.of[person], m)
	}
	return a
}

// Find implements aggregate.Person.
func (a *affiliations) Find(accounts string, account []byte) (int32, bool) {
	person, ok := a.accounts["account/"+accounts+"\x00"+string(account)]
	return person, ok
}

// Profile implements aggregate.Person.
func (a *affiliations) Profile(person int32) ingest.Profile { return a.d.Persons[person].Profile }

// School implements aggregate.Person. Of several schools it is the one of the smallest
// number, as in an edition.
func (a *affiliations) School(person, day int32) int32 {
	best := int32(-1)
	for _, m := range a.of[person] {
		if m.FromDay > day || m.ToDay < day || !a.d.Schools[m.School].Perimeter {
			continue
		}
		if best < 0 || a.d.Schools[m.School].Key < a.d.Schools[best].Key {
			best = m.School
		}
	}
	return best
}

// Named implements aggregate.Person.
func (a *affiliations) Named(name []byte) int32 {
	if i, ok := a.schools[string(name)]; ok {
		return i
	}
	return -1
}

func (a *affiliations) hasSchool(at national.SchoolWeek) bool {
	i, ok := a.schools[at.UAI]
	return ok && a.d.Schools[i].UAI == at.UAI
}

// compare makes a line of each row of theirs whose whole week lies in the study.
func (c *nationalComparison) compare(who *affiliations, visits *aggregate.Visits,
	theirs map[national.SchoolWeek]national.ProfileCounts, first, last int32) {
	ours := visits.Weeks()
	schools := map[string]bool{}
	for at, counts := range theirs {
		if at.WeekDay < first || at.WeekDay+6 > last {
			continue
		}
		schools[at.UAI] = true
		place := who.schools[at.UAI]
		for i, profile := range nationalProfiles {
			line := nationalLine{UAI: at.UAI, Week: spanDay(int64(at.WeekDay) * 86_400_000),
				Profile: national.ProfileItems()[i], TheirVisits: counts.Visits[i], TheirUsers: counts.Users[i]}
			for p := ingest.ProfileUnknown; p <= ingest.ProfileLocalBody; p++ {
				if profile == ingest.ProfileUnknown || p == profile {
					w := ours[aggregate.SchoolCell{School: place, WeekDay: at.WeekDay, Profile: p}]
					line.Visits += w.Visits
					line.Users += w.Users
				}
			}
			line.VisitsRatio = ratio(line.Visits, line.TheirVisits)
			line.UsersRatio = ratio(line.Users, line.TheirUsers)
			c.Lines = append(c.Lines, line)
		}
	}
	slices.SortStableFunc(c.Lines, func(a, b nationalLine) int { // the profiles of a row stay in their order
		return cmp.Or(cmp.Compare(a.UAI, b.UAI), cmp.Compare(a.Week, b.Week))
	})
	c.note(who, visits, schools)
}

func ratio(ours, theirs int64) *float64 {
	if theirs <= 0 {
		return nil
	}
	r := float64(ours) / float64(theirs)
	return &r
}

// note says what holds for all lines, and what an operator is to look at.
func (c *nationalComparison) note(who *affiliations, visits *aggregate.Visits, schools map[string]bool) {
	add := func(format string, args ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, args...)) }
	if len(c.Lines) == 0 {
		add("the files have no whole week of the study's schools")
	}
	var absent int
	for i := range who.d.Schools {
		if s := &who.d.Schools[i]; s.Perimeter && !schools[s.UAI] {
			absent++
		}
	}
	if absent > 0 {
		add("%d schools of the study have no row in these weeks", absent)
	}
	if visits.Unplaced > 0 {
		add("%d of our records are of no school that is known: not counted here", visits.Unplaced)
	}
	if visits.Full {
		add("more visits than are told apart: ours are a lower bound")
	}
	add("ours: visits of a person over all feeds, gaps of at most 30 minutes, of the week they begin in and " +
		"one school; theirs: of an account, as the ENT's marker sends it")
	for _, of := range c.bySchool() {
		switch {
		case of.theirs >= 20 && of.ours*5 < of.theirs:
			add("%s: %d of our visits where they have %d: is a feed missing?", of.uai, of.ours, of.theirs)
		case of.theirs >= 20 && of.ours*2 >= of.theirs*3:
			add("%s: %d of our visits where they have %d: is a feed counted twice?", of.uai, of.ours, of.theirs)
		}
	}
}

type schoolTotal struct {
	uai          string
	ours, theirs int64
}

// bySchool adds up the visits of all profiles over the weeks of a school.
func (c *nationalComparison) bySchool() (list []schoolTotal) {
	for _, l := range c.Lines {
		if l.Profile != national.ProfileItems()[0] || l.TheirVisits < 0 {
			continue
		}
		if len(list) == 0 || list[len(list)-1].uai != l.UAI {
			list = append(list, schoolTotal{uai: l.UAI})
		}
		list[len(list)-1].ours += l.Visits
		list[len(list)-1].theirs += l.TheirVisits
	}
	return list
}

// shownLines is how many lines are printed; --json has all of them.
const shownLines = 400

func (c *nationalComparison) print(out io.Writer) error {
	fmt.Fprintf(out, "\nagainst the national open data: %d lines of a school, a week and a profile\n", len(c.Lines))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "school\tweek\tprofile\tvisits\ttheirs\tratio\tusers\ttheirs\tratio\t")
	text := func(n int64) string {
		if n < 0 {
			return "-"
		}
		return fmt.Sprint(n)
	}
	number := func(r *float64) string {
		if r == nil {
			return "-"
		}
		return fmt.Sprintf("%.3f", *r)
	}
	for i, l := range c.Lines {
		if i == shownLines {
			break
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%d\t%s\t%s\t\n", l.UAI, l.Week, l.Profile, l.Visits,
			text(l.TheirVisits),
			number(l.VisitsRatio), l.Users, text(l.TheirUsers), number(l.UsersRatio))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if n := len(c.Lines) - shownLines; n > 0 {
		fmt.Fprintf(out, "and %d lines more: --json has them all\n", n)
	}
	for _, text := range c.Warnings {
		fmt.Fprintln(out, "warning:", text)
	}
	for _, text := range c.Notes {
		fmt.Fprintln(out, "note:", text)
	}
	return nil
}
