package subject

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// traits are what is known of somebody before an accompaniment, by which the two arms
// are compared.
type traits struct {
	VisitsBefore int32 `parquet:"visits_before"` // in the four school weeks before
	VisitsLate   int32 `parquet:"visits_late"`   // in the last two of them
	Newcomer     int8  `parquet:"newcomer"`      // 1 without a visit in the window before
	EmailKnown   int8  `parquet:"email_known"`
	Schools      int8  `parquet:"schools"`
}

type matchedRow struct {
	PersonKey int64 `parquet:"person_key"`
	Arm       int8  `parquet:"arm"` // 1 accompanied, 0 control
	traits
	VisitsAfter int32 `parquet:"visits_after"`
	Later       int8  `parquet:"later"` // accompanied in the four school weeks after
	// Of the accompaniment of the pair, in both rows.
	SchoolKey       int64 `parquet:"school_key"`
	AccompaniedWeek int64 `parquet:"accompanied_week"`
	Day             int64 `parquet:"day"`
	Form            int64 `parquet:"form"`
}

// riskRow is one who might have been matched, in the first week of it: see describe.
type riskRow struct {
	PersonKey int64 `parquet:"person_key"`
	Arm       int8  `parquet:"arm"`
	traits
}

type armRow struct {
	SchoolKey, AccompaniedWeek, Arm, PersonKey, FamilyKey, VisitsBefore, VisitsLate, VisitsAfter int64
	Newcomer, EmailKnown, Schools, Later, Day, Form                                              int64
}

// candidate is one at risk of a first accompaniment, in one week of one.
type candidate struct {
	matchedRow
	family int64
	order  uint64 // of the keyed random function
	before int    // band of visits before, -1 for a newcomer
}

// beforeBands are the lower edges of the exact strata of visits in the four
// school weeks before: 0, 1, 2, 3–4, 5–7, 8–12, 13–20, 21 and more.
var beforeBands = []int32{0, 1, 2, 3, 5, 8, 13, 21}

func beforeBand(visits int32) int {
	return sort.Search(len(beforeBands), func(i int) bool { return beforeBands[i] > visits }) - 1
}

// personsPerSlice is about how many persons are matched at a time.
const personsPerSlice = 50_000

// match pairs every accompanied parent with one of the same school who was not yet
// accompanied in that week, whatever came later, and had visited as much in the same
// four weeks before: 1:1, in the order of the keyed random function, nobody twice, no
// family on both sides. Those who had not visited at all before (newcomers) are matched
// with each other. To take the never accompanied alone would choose controls by their
// future. Source: Li, Propert & Rosenbaum 2001 (JASA 96), risk-set matching.
func (b *Builder) match(ctx context.Context) error {
	m := matcher{controls: map[int64]bool{}}
	random := b.o.Key.LastingPRF("A2 matching")
	parts := b.persons/personsPerSlice + 1
	if !b.known["accompaniment"] {
		parts = 0
	}
	for part := range parts {
		b.run.Set(map[string]any{"parts": parts, "part": part})
		var school int64
		var pool []candidate
		err := flow.Rows(ctx, b.run, "arm", func(r armRow) error {
			if r.SchoolKey != school {
				m.school(pool)
				school, pool = r.SchoolKey, pool[:0]
			}
			pool = append(pool, r.candidate(random.Uint64(int64(uint32(r.PersonKey)))))
			return nil
		})
		if err != nil {
			return err
		}
		m.school(pool)
	}
	b.attested["matched_accompanied"] = int64(len(m.matched) / 2)
	if err := put(ctx, b, "risk_set", m.risk); err != nil {
		return err
	}
	return put(ctx, b, "matched", m.matched)
}

func (r armRow) candidate(order uint64) candidate {
	c := candidate{family: r.FamilyKey, order: order, matchedRow: matchedRow{
		PersonKey: r.PersonKey, Arm: int8(r.Arm),
		traits: traits{int32(r.VisitsBefore), int32(r.VisitsLate), int8(r.Newcomer), int8(r.EmailKnown),
			int8(min(r.Schools, maxSchools))},
		VisitsAfter: int32(r.VisitsAfter), Later: int8(r.Later),
		SchoolKey: r.SchoolKey, AccompaniedWeek: r.AccompaniedWeek, Day: r.Day, Form: r.Form,
	}}
	if c.before = beforeBand(c.VisitsBefore); r.Newcomer == 1 {
		c.before = -1
	}
	return c
}

// matcher matches school by school.
type matcher struct {
	matched  []matchedRow
	risk     []riskRow
	controls map[int64]bool // families with a control
}

// school matches the candidates of one school, earliest week first. Somebody at risk
// in several weeks is a candidate in each, until matched; who was a control is never
// accompanied after.
func (m *matcher) school(pool []candidate) {
	slices.SortFunc(pool, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.AccompaniedWeek, b.AccompaniedWeek), cmp.Compare(a.before, b.before),
			cmp.Compare(b.Arm, a.Arm), cmp.Compare(a.order, b.order),
			pseudonym.CompareRecords(a.PersonKey, b.PersonKey))
	})
	waiting := map[int64]bool{}
	for start := 0; start < len(pool); {
		end := start
		for end < len(pool) && pool[end].AccompaniedWeek == pool[start].AccompaniedWeek {
			end++
		}
		m.describe(pool[start:end], waiting)
		start = end
	}
	used := map[int64]bool{}
	for start := 0; start < len(pool); {
		end := start
		for end < len(pool) && pool[end].AccompaniedWeek == pool[start].AccompaniedWeek &&
			pool[end].before == pool[start].before {
			end++
		}
		m.stratum(pool[start:end], used)
		start = end
	}
}

// besideOne is how many of those at risk are described beside each accompanied parent. To describe the whole school
// would have one person decide whether hundreds stand there.
const besideOne = 5

// describe takes the accompanied of one school and week, and beside each a few at random of those who were at risk with
// them (nested case-control sampling), each in the first week of it. Whom one takes does not depend on the others.
func (m *matcher) describe(pool []candidate, waiting map[int64]bool) {
	var risk []candidate
	for _, c := range pool {
		if c.Arm == 0 {
			risk = append(risk, c)
		}
	}
	for _, c := range pool {
		if c.Arm == 0 {
			continue
		}
		m.risk = append(m.risk, riskRow{c.PersonKey, c.Arm, c.traits})
		slices.SortFunc(risk, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.order^c.order, b.order^c.order), pseudonym.CompareRecords(a.PersonKey, b.PersonKey))
		})
		for _, r := range risk[:min(besideOne, len(risk))] {
			if !waiting[r.PersonKey] {
				waiting[r.PersonKey] = true
				m.risk = append(m.risk, riskRow{r.PersonKey, r.Arm, r.traits})
			}
		}
	}
}

// stratum matches the candidates of one school, week and band, the accompanied first.
func (m *matcher) stratum(pool []candidate, used map[int64]bool) {
	controls := pool[sort.Search(len(pool), func(i int) bool { return pool[i].Arm == 0 }):]
	for _, c := range pool[:len(pool)-len(controls)] {
		if m.controls[c.family] {
			continue
		}
		for len(controls) > 0 && used[controls[0].PersonKey] {
			controls = controls[1:]
		}
		if len(controls) == 0 {
			return
		}
		control := controls[0].matchedRow
		control.Day, control.Form = c.Day, c.Form
		used[control.PersonKey], m.controls[controls[0].family] = true, true
		m.matched = append(m.matched, c.matchedRow, control)
		controls = controls[1:]
	}
}

// maxSchools is how many schools of a person count: a set of them is a 63-bit number.
const maxSchools = 62
