package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// noisy is a research edition of noisy cells, with a curve of three bins.
func noisy() *fixture {
	f := research()
	f.manifest.Perturbation = edition.Perturbation{Table: anyKey, Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	for i := range f.sums {
		f.sums[i].Families = f.sums[i].Persons
	}
	visits := f.sums[0]
	visits.Measure, visits.Numerator, visits.Denom = "C8.kilobytes", 300, 150
	visits.Population, visits.SumXX, visits.SumXY, visits.SumYY = edition.PopRecipients, 9000, 4000, 3000
	visits.H00, visits.H01 = 0, visits.Persons
	phone := f.sums[0]
	phone.Measure, phone.Population = "L5.phone_only", edition.PopActive
	phone.Denom, phone.SumYY, phone.SumXY, phone.H00, phone.H01 = 22, 22, 9, 0, phone.Persons
	f.sums = slices.Insert(f.sums, 0, visits)
	f.sums = slices.Insert(f.sums, 2, phone)
	first := f.times[0]
	first.AtRisk, first.Events, first.Censored = 25, 6, 0
	second, last := first, first
	second.Bin, second.AtRisk, second.Events = 1, 19, 7
	last.Bin, last.AtRisk, last.Events, last.Censored = 2, 12, 5, 7
	f.times = append([]edition.TimeRow{first, second, last}, f.times[1:]...)
	return f
}

// TestForgedEditions forges a research edition of noisy cells in one place and signs it again: each was once called
// held.
func TestForgedEditions(t *testing.T) {
	sums := func(i int, change func(r *edition.SumRow)) func(f *fixture) {
		return func(f *fixture) { change(&f.sums[i]) }
	}
	times := func(i int, change func(r *edition.TimeRow)) func(f *fixture) {
		return func(f *fixture) { change(&f.times[i]) }
	}
	weeks := func(change func(r *edition.WeekRow)) func(f *fixture) {
		return func(f *fixture) { change(&f.weeks[0]) }
	}
	coverage := func(change func(r *edition.CoverageRow)) func(f *fixture) {
		return func(f *fixture) { change(&f.coverage[0]) }
	}
	const kilobytes, never, phone = 0, 1, 2
	for name, c := range map[string]struct {
		claim string // that fails; none must
		forge func(f *fixture)
	}{
		"nothing":            {"", func(*fixture) {}},
		"at risk one more":   {"arithmetic.times", times(1, func(r *edition.TimeRow) { r.AtRisk++ })},
		"persons of one bin": {"arithmetic.times", times(1, func(r *edition.TimeRow) { r.Persons++ })},
		"schools of one bin": {"arithmetic.times", times(1, func(r *edition.TimeRow) { r.Schools++ })},
		"a curve cut short": {"arithmetic.times",
			func(f *fixture) { f.times = slices.Delete(f.times, 2, 3) },
		},
		"a curve without its start": {"arithmetic.times", func(f *fixture) { f.times = f.times[1:] }},
		"a bin left out": {"arithmetic.times",
			func(f *fixture) { f.times = slices.Delete(f.times, 1, 2) },
		},
		"a bin twice": {"arithmetic.times",
			func(f *fixture) { f.times = slices.Insert(f.times, 1, f.times[0]) },
		},
		"some left at risk": {"arithmetic.times", times(2, func(r *edition.TimeRow) { r.Censored-- })},
		"a curve beyond its edges": {"texts.words",
			times(2, func(r *edition.TimeRow) { r.Curve, r.Bin = "M3.answer", 10 }),
		},
		"a curve of a name": {"texts.words", times(0, func(r *edition.TimeRow) { r.Curve = "Martin" })},
		"a group of times":  {"texts.words", times(2, func(r *edition.TimeRow) { r.Group = "Martin" })},
		"a bin of 1": {"noise", sums(kilobytes, func(r *edition.SumRow) {
			r.Measure, r.Population = "L1.visits_per_week", edition.PopActive
			r.H00, r.H01, r.H05 = 0, r.Persons-1, 1
		})},
		"negative product": {"arithmetic.sums",
			sums(kilobytes, func(r *edition.SumRow) { r.SumXY = -17 }),
		},
		"squares near the largest": {"arithmetic.sums",
			sums(kilobytes, func(r *edition.SumRow) { r.SumXX = 1<<62 + 4711 }),
		},
		"squares of y": {"arithmetic.sums",
			sums(kilobytes, func(r *edition.SumRow) { r.SumYY = 1<<62 + 4711 }),
		},
		"bins of no question": {"arithmetic.sums",
			sums(kilobytes, func(r *edition.SumRow) { r.H00, r.H01 = 3, r.H01-3 }),
		},
		"families one less": {"arithmetic.sums",
			sums(kilobytes, func(r *edition.SumRow) { r.Families-- }),
		},
		"the same cell twice": {"arithmetic.sums",
			func(f *fixture) { f.sums = slices.Insert(f.sums, 1, f.sums[0]) },
		},
		"a cluster of a long number": {"arithmetic.sums", sums(3, func(r *edition.SumRow) { r.Cluster = 1 << 30 })},
		"a share above its whole": {"arithmetic.sums",
			sums(phone, func(r *edition.SumRow) { r.Numerator, r.SumXX = 39, 39 }),
		},
		"more asked than persons": {"arithmetic.sums",
			sums(phone, func(r *edition.SumRow) { r.Denom, r.SumYY = 42, 71 }),
		},
		"squares of a share":     {"arithmetic.sums", sums(phone, func(r *edition.SumRow) { r.SumXX = 33 })},
		"squares of those asked": {"arithmetic.sums", sums(phone, func(r *edition.SumRow) { r.SumYY = 33 })},
		"a denominator of its own": {"arithmetic.sums",
			sums(never, func(r *edition.SumRow) { r.Denom, r.SumYY = 26, 27 }),
		},
		"a product of its own": {"arithmetic.sums", sums(never, func(r *edition.SumRow) { r.SumXY-- })},
		"a measure of another group": {"texts.words",
			sums(never, func(r *edition.SumRow) { r.Grouping, r.Group = "all", "Martin" }),
		},
		"a level of a name": {"texts.words", sums(never, func(r *edition.SumRow) { r.Group = "Martin" })},
		"a stratum that is none": {"texts.words",
			sums(never, func(r *edition.SumRow) { r.Grouping, r.Group = "stratum", "college 9" }),
		},
		"a grade of one class": {"texts.words",
			sums(never, func(r *edition.SumRow) { r.Grouping, r.Group = "grade", "6e3" }),
		},
		"a month before the window": {"texts.words",
			sums(never, func(r *edition.SumRow) { r.Grouping, r.Group = "month", "1999-01" }),
		},
		"a territory with a number": {"texts.words",
			sums(never, func(r *edition.SumRow) { r.Grouping, r.Group = "territory", "33 visites" }),
		},
		"a profile that nobody has":   {"texts.words", weeks(func(r *edition.WeekRow) { r.Profile = 99 })},
		"weeks of teachers":           {"texts.words", weeks(func(r *edition.WeekRow) { r.Profile = 2 })},
		"a service that is none":      {"texts.words", weeks(func(r *edition.WeekRow) { r.Service = 77 })},
		"a service of no question":    {"texts.words", weeks(func(r *edition.WeekRow) { r.Service = 3 })},
		"weeks of a name":             {"texts.words", weeks(func(r *edition.WeekRow) { r.Level = "Martin" })},
		"a week of another year":      {"week.weeks", weeks(func(r *edition.WeekRow) { r.WeekDay -= 7 * 52 })},
		"a week that the window cuts": {"week.weeks", weeks(func(r *edition.WeekRow) { r.WeekDay += 7 * 14 })},
		"a week twice": {"arithmetic.weeks",
			func(f *fixture) { f.weeks = slices.Insert(f.weeks, 1, f.weeks[0]) },
		},
		"weeks of a long number": {"arithmetic.weeks",
			weeks(func(r *edition.WeekRow) { r.Cluster = -9990017 }),
		},
		"a feed beside the schools": {"texts.words",
			coverage(func(r *edition.CoverageRow) { r.Feed = "(Jeanne Martin)" }),
		},
		"a setting that is none": {"texts.words",
			coverage(func(r *edition.CoverageRow) { r.Feed = "(setting) Martin" }),
		},
		"coverage of a service": {"texts.words", coverage(func(r *edition.CoverageRow) { r.Service = 77 })},
		"coverage of a name": {"texts.words",
			coverage(func(r *edition.CoverageRow) { r.Level = "Martin" }),
		},
		"coverage of another year": {"week.coverage",
			coverage(func(r *edition.CoverageRow) { r.WeekDay -= 7 * 52 }),
		},
		"a feed over the whole window": {"week.coverage", coverage(func(r *edition.CoverageRow) { r.WeekDay = 0 })},
		"coverage twice": {"arithmetic.coverage", func(f *fixture) {
			f.coverage = slices.Insert(f.coverage, 1, f.coverage[0])
		}},
		"more schools than the level has": {"arithmetic.coverage", func(f *fixture) {
			f.coverage[0].Expected = 4711
			f.coverage = slices.Insert(f.coverage, 0, edition.CoverageRow{Feed: edition.FeedObserved, Level: "college",
				Expected: 3, Reporting: 3})
		}},
		"a level of two kinds of schools": {"arithmetic.coverage", func(f *fixture) {
			f.coverage = slices.Insert(f.coverage, 0,
				edition.CoverageRow{Feed: edition.FeedDeclared, Level: "college", Expected: 4, Reporting: 3},
				edition.CoverageRow{Feed: edition.FeedObserved, Level: "college", Expected: 3, Reporting: 3})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := noisy()
			c.forge(f)
			r := audit(t, f.write(t))
			if c.claim == "" && !r.OK() || c.claim != "" && !fails(r, "research."+c.claim) {
				t.Errorf("%q; failing: %v", c.claim, failed(r))
			}
		})
	}
}

// TestForgedManifests: a text of a manifest has its form.
func TestForgedManifests(t *testing.T) {
	const payload = "Jeanne Martin 33 visites"
	event := edition.Declared{Kind: edition.DeclaredEvent, Name: "charte", Label: "Charte de la messagerie",
		Start: "2025-10-01"}
	deadline := edition.Declared{Kind: edition.DeclaredDeadline, Name: "bourses", Label: "Demande de bourse",
		Start: "2025-10-17", Levels: []string{"college"}, Grades: []string{"6e"}}
	declared := func(d edition.Declared, change func(d *edition.Declared)) func(m *edition.Manifest) {
		change(&d)
		return func(m *edition.Manifest) { m.Declared = append(m.Declared, d) }
	}
	for name, c := range map[string]struct {
		holds  bool
		change func(m *edition.Manifest)
	}{
		"nothing":    {true, func(*edition.Manifest) {}},
		"an event":   {true, declared(event, func(*edition.Declared) {})},
		"a deadline": {true, declared(deadline, func(*edition.Declared) {})},
		"a second revision": {true,
			func(m *edition.Manifest) { m.Term, m.Supersedes = "2025-T1.2", "research-2025-T1" },
		},
		"a register": {true,
			func(m *edition.Manifest) { m.Booking = edition.Booking{Lines: 3, Head: digest(nil)[:32]} },
		},
		"study":         {false, func(m *edition.Manifest) { m.Study = payload }},
		"term":          {false, func(m *edition.Manifest) { m.Term = payload }},
		"subject":       {false, func(m *edition.Manifest) { m.Subject = payload }},
		"software":      {false, func(m *edition.Manifest) { m.Software = "entscope " + payload }},
		"start":         {false, func(m *edition.Manifest) { m.Start = "2025-09-31" }},
		"end":           {false, func(m *edition.Manifest) { m.End = "2024-12-14" }},
		"config hash":   {false, func(m *edition.Manifest) { m.ConfigHash = payload }},
		"input hash":    {false, func(m *edition.Manifest) { m.InputHash = payload }},
		"no input hash": {false, func(m *edition.Manifest) { m.InputHash = "" }},
		"key":           {false, func(m *edition.Manifest) { m.KeyID = payload }},
		"head": {false,
			func(m *edition.Manifest) { m.Booking = edition.Booking{Lines: 3, Head: payload} },
		},
		"head of nothing":    {false, func(m *edition.Manifest) { m.Booking.Head = digest(nil)[:32] }},
		"lines":              {false, func(m *edition.Manifest) { m.Booking.Lines = -33 }},
		"supersedes":         {false, func(m *edition.Manifest) { m.Supersedes = payload }},
		"supersedes another": {false, func(m *edition.Manifest) { m.Supersedes = "research-Martin" }},
		"supersedes itself":  {false, func(m *edition.Manifest) { m.Supersedes = "research-2025-T1" }},
		"perturbation": {false, func(m *edition.Manifest) {
			m.Perturbation = edition.Perturbation{Table: "Jeanne Martin 33", Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
		}},
		"schools of the population": {false, func(m *edition.Manifest) { m.Population.Schools = 4711 }},
		"an event of a name":        {false, declared(event, func(d *edition.Declared) { d.Name = payload })},
		"an event of no kind":       {false, declared(event, func(d *edition.Declared) { d.Kind = "visit" })},
		"an event of no day":        {false, declared(event, func(d *edition.Declared) { d.Start = payload })},
		"an event that ends before": {false, declared(event, func(d *edition.Declared) { d.End = "2025-09-01" })},
		"an event of two lines": {false,
			declared(event, func(d *edition.Declared) { d.Label = "Charte\nMartin" }),
		},
		"an event with an address": {false,
			declared(event, func(d *edition.Declared) { d.Label = "jeanne@martin.fr" }),
		},
		"an event of grades": {false,
			declared(event, func(d *edition.Declared) { d.Grades = []string{"6e"} }),
		},
		"a deadline of a class": {false,
			declared(deadline, func(d *edition.Declared) { d.Grades = []string{"6e B"} }),
		},
		"a deadline of a level": {false,
			declared(deadline, func(d *edition.Declared) { d.Levels = []string{"Martin"} }),
		},
		"a deadline that lasts": {false, declared(deadline, func(d *edition.Declared) { d.End = "2025-10-18" })},
	} {
		t.Run(name, func(t *testing.T) {
			f := research()
			if c.change(&f.manifest); soundForms(&f.manifest) != c.holds {
				t.Errorf("holds is %v", !c.holds)
			}
		})
	}
	f := research()
	f.manifest.KeyID = payload
	if r := audit(t, f.write(t)); !fails(r, "research.closed.manifest") {
		t.Errorf("failing: %v", failed(r))
	}
}

// TestForgedSchools forges a schools edition of noisy cells.
func TestForgedSchools(t *testing.T) {
	for name, c := range map[string]struct {
		claim string
		forge func(rows []edition.SchoolRow)
	}{
		"nothing":      {"", func([]edition.SchoolRow) {}},
		"another name": {"texts.names", func(r []edition.SchoolRow) { r[1].UAI = r[0].UAI }},
		"two bands": {"texts.names",
			func(r []edition.SchoolRow) { r[1] = r[0]; r[1].IPSBand, r[1].Population = "3", "opened_accounts" },
		},
		"a band":            {"texts.words", func(r []edition.SchoolRow) { r[0].IPSBand = "Martin" }},
		"a status":          {"texts.words", func(r []edition.SchoolRow) { r[0].EP = "Martin" }},
		"a level":           {"texts.words", func(r []edition.SchoolRow) { r[0].Level = "Martin" }},
		"the same twice":    {"arithmetic.school_measures", func(r []edition.SchoolRow) { r[1] = r[0] }},
		"another month":     {"period.school_measures", func(r []edition.SchoolRow) { r[0].Period = "1999-01" }},
		"a numerator alone": {"arithmetic.school_measures", func(r []edition.SchoolRow) { r[0].Numerator++ }},
		"families":          {"arithmetic.school_measures", func(r []edition.SchoolRow) { r[0].Families-- }},
		"squares":           {"arithmetic.school_measures", func(r []edition.SchoolRow) { r[0].SumYY = 1 << 62 }},
	} {
		t.Run(name, func(t *testing.T) {
			r := audit(t, schools(t, func(rows []edition.SchoolRow, m *edition.Manifest) {
				m.Perturbation = edition.Perturbation{Table: anyKey, Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
				for i := range rows {
					r := &rows[i]
					r.Families, r.SumXX, r.SumYY = r.Persons, r.Numerator, r.Persons
				}
				c.forge(rows)
			}))
			if c.claim == "" && !r.OK() || c.claim != "" && !fails(r, "schools."+c.claim) {
				t.Errorf("%q; failing: %v", c.claim, failed(r))
			}
		})
	}
}

// TestForgedStamps: the manifest of a publication holds texts of known forms, and no day of issue before the end.
func TestForgedStamps(t *testing.T) {
	sound := stamp{Software: "entscope 0.1.0", Config: anyDigest, Legal: anyDigest, Lang: "fr",
		Indicators: []string{"L1"},
		Period:     period{Study: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14"},
		Editions:   map[string]string{"research-2025-T1.2": anyDigest}, Files: map[string]string{"index.html": anyDigest},
		Issued: "2025-12-28", Previous: []string{anyDigest}, Booking: edition.Booking{Lines: 2, Head: digest(nil)[:32]}}
	if !soundStamp(sound) {
		t.Error("a sound one is refused")
	}
	const payload = "Jeanne Martin 33 visites"
	for name, change := range map[string]func(s *stamp){
		"software":         func(s *stamp) { s.Software = payload },
		"config hash":      func(s *stamp) { s.Config = payload },
		"language":         func(s *stamp) { s.Lang = payload },
		"legal record":     func(s *stamp) { s.Legal = payload },
		"national":         func(s *stamp) { s.National = payload },
		"head":             func(s *stamp) { s.Booking.Head = payload },
		"previous":         func(s *stamp) { s.Previous = []string{payload} },
		"question":         func(s *stamp) { s.Indicators = []string{payload} },
		"issued before":    func(s *stamp) { s.Issued = "1999-01-01" },
		"issued never":     func(s *stamp) { s.Issued = "2026-02-30" },
		"an edition":       func(s *stamp) { s.Editions = map[string]string{"research-" + payload: anyDigest} },
		"of an edition":    func(s *stamp) { s.Editions = map[string]string{"research-2025-T1": payload} },
		"digest of a file": func(s *stamp) { s.Files = map[string]string{"index.html": payload} },
	} {
		s := sound
		if change(&s); soundStamp(s) {
			t.Errorf("%s: it is taken", name)
		}
	}
}

// TestSpelledSchools: a cluster that bears the number of a school names it.
func TestSpelledSchools(t *testing.T) {
	for name, forge := range map[string]func(f *fixture){
		"nothing": func(*fixture) {},
		"sums":    func(f *fixture) { f.sums[len(f.sums)-1].Cluster = 540001 },
		"times":   func(f *fixture) { f.times[len(f.times)-1].Cluster = 540002 },
		"weeks":   func(f *fixture) { f.weeks[len(f.weeks)-1].Cluster = 540001 },
	} {
		f := noisy()
		forge(f)
		p := &publication{report: newReport()}
		for _, dir := range []string{f.write(t), schools(t, nil)} {
			folder, err := readFolder(dir)
			must(t, err)
			p.editions = append(p.editions, folder)
		}
		must(t, p.checkSpelled())
		if got := p.report.Claims[0].Result; (got == Holds) != (name == "nothing") {
			t.Errorf("%s: %s", strings.TrimSpace(name), got)
		}
	}
}

// TestToldOnce: an edition that says that an earlier one tells some of what must not be known of a school tells nothing of
// that.
func TestToldOnce(t *testing.T) {
	const earlier = "research-2025-T0"
	without := func(f *fixture) {
		f.sums = slices.DeleteFunc(f.sums, func(r edition.SumRow) bool {
			m, _ := edition.FindMeasure(r.Measure)
			return m.Pages == edition.PagesNever
		})
		f.times = slices.DeleteFunc(f.times, func(r edition.TimeRow) bool {
			c, _ := edition.FindCurve(r.Curve)
			return c.Pages == edition.PagesNever
		})
	}
	told := func(measure string) func(f *fixture) {
		return func(f *fixture) {
			without(f)
			row := f.sums[0]
			row.Measure, row.Population = measure, edition.PopAll
			f.sums = append(f.sums, row)
		}
	}
	left := func(families ...string) func(m *edition.Manifest) {
		return func(m *edition.Manifest) {
			m.Unnamed = map[string]string{}
			for _, family := range families {
				m.Unnamed[family] = earlier
			}
		}
	}
	for name, c := range map[string]struct {
		says   func(m *edition.Manifest)
		tells  func(f *fixture)
		failed bool
	}{
		"nothing":                    {left(edition.Families()...), without, false},
		"of all":                     {left(edition.Families()...), told("P1.low"), true},
		"another family":             {left("N5", edition.FamilyContacts), told("P1.low"), false},
		"guardians":                  {left(edition.FamilyGuardians), told("P1.low"), true},
		"contacts":                   {left(edition.FamilyContacts), told("R3.no_email"), true},
		"who has no address":         {left(edition.FamilyContacts), told("F2.never.no_email"), true},
		"a family there is not":      {left("P1"), without, true},
		"an edition of no such name": {func(m *edition.Manifest) { m.Unnamed = map[string]string{"N5": "schools-2025"} }, without, true},
	} {
		const claim = "research.unnamed.earlier"
		f := noisy()
		c.tells(f)
		c.says(&f.manifest)
		r := audit(t, f.write(t))
		if !slices.ContainsFunc(r.Claims, func(of Claim) bool { return of.ID == claim }) {
			t.Errorf("%s: %s is not asked", name, claim)
		}
		if fails(r, claim) != c.failed {
			t.Errorf("%s: %s fails: %v", name, claim, !c.failed)
		}
	}
}
