package aggregate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
)

// Comparison lays the platform's totals of one kind alongside ours.
type Comparison struct {
	Kind    Kind     `json:"kind"`
	Feeds   []string `json:"feeds"`
	Schools int      `json:"schools"`
	Lines   []Line   `json:"lines"`
	// Notes are sentences on what holds for all lines.
	Notes []string `json:"notes,omitempty"`
}

// Line compares one total of one month and profile.
type Line struct {
	Month   string `json:"month"`
	Profile string `json:"profile"`
	Total   string `json:"total"` // logins, visitors or accesses
	Ours    int64  `json:"ours"`
	Theirs  int64  `json:"theirs"`
	// Difference is ours − theirs, Ratio ours ÷ theirs; nil when theirs is 0.
	Difference int64    `json:"difference"`
	Ratio      *float64 `json:"ratio"`
	// Reason is the rule that explains the whole difference, or what is known of
	// it; "" where there is none.
	Reason string `json:"reason,omitempty"`
}

// Compare makes the tables, one for each kind of file that was read. own gives
// our totals of the feeds of a format, counts the accounts of their records; both
// may be nil for a format that the study has no feed of.
func Compare(p *Platform, own map[string]*Own, counts map[string]*ingest.Counts) []Comparison {
	var list []Comparison
	for _, kind := range slices.Sorted(maps.Keys(p.Tables)) {
		c := Comparison{Kind: kind, Schools: p.Schools[kind]}
		o := own[kind.Format()]
		switch {
		case kind == Connector:
			c.Notes = append(c.Notes,
				"connectors: our events do not tell a connector's opening from that of an application; their totals "+
					"are part of our accesses and are not compared")
		case o == nil:
			c.Notes = append(c.Notes,
				fmt.Sprintf("the study has no feed of format %s: nothing to compare with", kind.Format()))
		default:
			c.Feeds = o.Feeds
			c.Lines = lines(kind, p.Tables[kind], o)
			c.Notes = notes(&c, o, counts[kind.Format()])
		}
		list = append(list, c)
	}
	return list
}

// lines compares every profile of either side in the months the platform has.
func lines(kind Kind, table map[Cell]Figures, own *Own) (list []Line) {
	cells := map[Cell]bool{}
	months := map[int32]bool{}
	for cell := range table {
		cells[cell], months[cell.Month] = true, true
	}
	for cell := range own.Cells {
		if months[cell.Month] {
			cells[cell] = true
		}
	}
	for _, cell := range slices.SortedFunc(maps.Keys(cells), func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Profile, b.Profile))
	}) {
		theirs, given := table[cell]
		ours := own.Cells[cell]
		if ours == nil {
			ours = &Tally{}
		}
		if kind == Access && !given && ours.Accesses == 0 {
			continue
		}
		if kind == Access {
			list = append(list, line(cell, own, "accesses", ours.Accesses, theirs.Accesses, []cause{
				{ours.RepeatedAccesses,
					"records that tell an access again (retry, or web and application in one second), " +
						"counted once here"},
			}))
			continue
		}
		list = append(list, line(cell, own, "logins", ours.Logins, theirs.Logins, []cause{
			{ours.RepeatedLogins, "records that tell a login again, counted once here"},
			{ours.Failed, "failed logins, not counted here"},
			{ours.Activations, "activations, not counted as logins here"},
		}))
		if (kind == Accounts || kind == Sessions) && (!given || theirs.Visitors >= 0) {
			l := line(cell, own, "visitors", ours.Visitors, theirs.Visitors, nil)
			if own.Capped {
				l.Reason = "ours is a lower bound: more accounts than are told apart"
			}
			list = append(list, l)
		}
	}
	return list
}

// cause is what one side may count and the other not.
type cause struct {
	n    int64
	text string
}

func line(cell Cell, own *Own, total string, ours, theirs int64, causes []cause) Line {
	l := Line{Month: cell.MonthName(), Profile: profileName(cell.Profile), Total: total, Ours: ours, Theirs: theirs,
		Difference: ours - theirs}
	if theirs > 0 {
		ratio := float64(ours) / float64(theirs)
		l.Ratio = &ratio
	}
	if l.Difference == 0 {
		return l
	}
	rules := explain(theirs-ours, causes)
	switch first, last := day(own.FirstDay), day(own.LastDay); {
	case rules != "":
		l.Reason = "as many as the " + rules
	case l.Difference > 0: // what follows says what is missing here
		l.Reason = "no rule explains it"
	case len(own.Cells) == 0:
		l.Reason = "the feeds hold no event"
	case cell.Month < ingest.Month(own.FirstDay) || cell.Month > ingest.Month(own.LastDay):
		l.Reason = "the feeds hold no event of this month"
	case cell.Month == ingest.Month(own.FirstDay) && first.Day() > 1:
		l.Reason = "the feeds begin on " + first.Format(time.DateOnly)
	case cell.Month == ingest.Month(own.LastDay) && last.AddDate(0, 0, 1).Day() > 1:
		l.Reason = "the feeds end on " + last.Format(time.DateOnly)
	default:
		l.Reason = "no rule explains it"
	}
	return l
}

// explain looks for the fewest causes whose numbers make up the whole of a
// difference. That several do it is said: equal numbers are no proof.
func explain(difference int64, causes []cause) string {
	best := ""
	fewest := len(causes) + 1
	for subset := 1; subset < 1<<len(causes); subset++ {
		var sum int64
		var parts []string
		for i, c := range causes {
			if subset&(1<<i) == 0 {
				continue
			}
			if c.n == 0 {
				sum = -1
				break
			}
			sum += c.n
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.text))
		}
		switch all := strings.Join(parts, " and "); {
		case sum != difference || sum <= 0 || len(parts) > fewest:
		case len(parts) == fewest:
			best += ", or " + all
		default:
			best, fewest = all, len(parts)
		}
	}
	return best
}

func notes(c *Comparison, own *Own, counts *ingest.Counts) (list []string) {
	if c.Schools > 1 {
		list = append(list,
			fmt.Sprintf("their totals are added over %d schools or classes: "+
				"somebody of several counts in each of them there, once here", c.Schools))
	}
	if own.CappedIDs {
		list = append(list, "more identifiers than are told apart: some records told twice count twice here")
	}
	if own.Capped {
		list = append(list, "more accounts than are told apart: our visitors are a lower bound")
	}
	if counts == nil {
		return list
	}
	for _, rule := range ingest.ByCount(counts.Ignored) {
		switch rule {
		case ingest.RuleKeepAlive, ingest.RuleRobot, ingest.RuleFailed, ingest.RuleAnonymous, ingest.RuleHealth,
			ingest.RuleSurrogate, ingest.RuleNotActivity:
			list = append(list,
				fmt.Sprintf("ignored here, perhaps not there: %d records, %s", counts.Ignored[rule], rule))
		}
	}
	if n := counts.Rejected(); n > 0 {
		list = append(list, fmt.Sprintf("not counted here: %d records that could not be read", n))
	}
	return list
}

func day(n int32) time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

func profileName(p ingest.Profile) string {
	switch p {
	case ingest.ProfilePupil:
		return "pupil"
	case ingest.ProfileTeacher:
		return "teacher"
	case ingest.ProfileParent:
		return "parent"
	case ingest.ProfileAdmin:
		return "staff"
	case ingest.ProfileOther:
		return "other"
	case ingest.ProfileLocalBody:
		return "local body"
	}
	return "unknown"
}
