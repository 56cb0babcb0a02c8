package subject

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// PersonTable is the person table before it is generalised, by column, one row
// per subject in scope. The unit keys are pseudonyms: they count, and never leave.
type PersonTable struct {
	Columns []Column
	// Account, Child and Family name the protected units of each row. A parent
	// of several children is counted with the child of the smallest key, so that
	// children are never counted too many; one without a child with themself.
	Account, Child, Family []int64
}

// Column is one column by code: the text of row i is Values[Codes[i]].
type Column struct {
	Name   string
	Values []string
	Codes  []int32
}

// columnNames are the columns of edition.ParentRow, in its order.
var columnNames = []string{
	"level", "grade_band", "sector", "ep", "ips_band", "cluster", "children", "devices", "activation",
	"visits", "grade_visits", "evening", "accompanied",
}

// rowsPerPart is about how many persons of the directory the rows are asked of at a time: an answer is held whole.
const rowsPerPart = 200_000

// Persons gives the person table.
func (b *Builder) Persons(ctx context.Context) (*PersonTable, error) {
	clusters, err := b.personClusters(ctx)
	if err != nil {
		return nil, err
	}
	common := b.inCommon(clusters)
	t := &PersonTable{}
	index := make([]map[string]int32, len(columnNames))
	for i, n := range columnNames {
		t.Columns = append(t.Columns, Column{Name: n})
		index[i] = map[string]int32{}
	}
	add := func(r personRow) error {
		t.Account = append(t.Account, r.PersonKey)
		t.Family = append(t.Family, r.FamilyKey)
		t.Child = append(t.Child, r.ChildKey)
		for i, text := range b.describe(r, clusters[r.SchoolKey], common[clusters[r.SchoolKey]]) {
			code, ok := index[i][text]
			if !ok {
				code = int32(len(t.Columns[i].Values))
				index[i][text] = code
				t.Columns[i].Values = append(t.Columns[i].Values, text)
			}
			t.Columns[i].Codes = append(t.Columns[i].Codes, code)
		}
		return nil
	}
	for _, part := range divide(math.MinInt64, math.MaxInt64, int(b.persons/rowsPerPart)+1, nil) {
		b.run.Set(part.keys())
		if err := flow.Rows(ctx, b.run, "person_row", add); err != nil {
			return nil, err
		}
	}
	for i := range t.Columns {
		t.Columns[i].order()
	}
	return t, nil
}

// order renumbers the values in the order of their text, so that the order in
// which persons came leaves no trace.
func (c *Column) order() {
	values := slices.Clone(c.Values)
	slices.Sort(values)
	to := make([]int32, len(values))
	for i, v := range c.Values {
		n, _ := slices.BinarySearch(values, v)
		to[i] = int32(n)
	}
	for i, code := range c.Codes {
		c.Codes[i] = to[code]
	}
	c.Values = values
}

// personRow is one row of the answer person_row.
type personRow struct {
	PersonKey, FamilyKey, ChildKey, Children, SchoolKey int64
	SocialBand                                          int64
	FirstGrade, LastGrade, Activated, ActivatedDay      int64
	Accompanied                                         int64
	Visits, Weeks, WeekVisits, Evening                  int64
	Known, Phone, Computer                              int64
	GradeVisits, GradeWeeks                             int64
}

// describe gives the texts of one person of a cluster with that in common, in the order of columnNames.
func (b *Builder) describe(r personRow, cluster string, common school) []string {
	gradeVisits := "not-measured"
	if r.GradeWeeks > 0 {
		gradeVisits = gradeVisitsBand(r.GradeVisits, r.GradeWeeks)
	}
	grade, ips := unknown, common.ips
	if common.level != "" { // which it would tell
		grade = gradeBand(r.FirstGrade, r.LastGrade)
	}
	if r.SocialBand > 0 { // the person's, not the school's
		ips = r.SocialBand
	}
	return []string{
		orUnknown(common.level), grade, orUnknown(common.sector), orUnknown(common.ep),
		ipsBand(ips), cluster, childrenBand(r.Children),
		devices(r.Visits, r.Known, r.Phone, r.Computer), b.activation(r.Activated, r.ActivatedDay),
		visitsBand(r.Visits, r.WeekVisits, r.Weeks), gradeVisits, eveningBand(r.Visits, r.Evening),
		b.accompaniment(r.Accompanied),
	}
}

func orUnknown(s string) string {
	if s == "" {
		return unknown
	}
	return s
}

func childrenBand(n int64) string {
	switch {
	case n < 1:
		return unknown
	case n == 1:
		return "1"
	case n == 2:
		return "2"
	}
	return "3+"
}

func devices(visits, known, phone, computer int64) string {
	switch {
	case visits == 0:
		return "none"
	case known == 0:
		return unknown
	case phone == known:
		return "phone"
	case computer == known:
		return "computer"
	}
	return "mixed"
}

func (b *Builder) activation(activated, day int64) string {
	switch {
	case activated < 0:
		return unknown
	case activated == 0:
		return "never"
	case day < int64(b.o.Study.Start):
		return "before-term"
	}
	return "in-term"
}

func (b *Builder) accompaniment(accompanied int64) string {
	switch {
	case !b.known["accompaniment"]:
		return unknown
	case accompanied == 1:
		return "yes"
	}
	return "no"
}

// visitsBand is the band of visits per counted school week.
func visitsBand(visits, weekVisits, weeks int64) string {
	switch {
	case visits == 0:
		return "0-never"
	case weeks == 0 || 4*weekVisits < weeks:
		return "1-under 1/month"
	case weekVisits < weeks:
		return "2-monthly"
	case weekVisits < 2*weeks:
		return "3-weekly"
	case weekVisits < 5*weeks:
		return "4-several a week"
	}
	return "5-daily"
}

// gradeVisitsBand is the band of grade visits per grade-covered week.
func gradeVisitsBand(visits, weeks int64) string {
	switch {
	case visits == 0:
		return "0-none"
	case visits < weeks:
		return "1-under weekly"
	case visits < 2*weeks:
		return "2-weekly"
	case visits < 5*weeks:
		return "3-several a week"
	}
	return "4-daily"
}

// eveningBand is the band of the share of visits that start from 19 h to 7 h.
func eveningBand(visits, evening int64) string {
	switch {
	case visits == 0:
		return "none"
	case 2*evening < visits:
		return "0-under half"
	}
	return "1-half or more"
}

// inCommon is, of each cluster, what is so of every school of it. More would name schools in rows: one alone with its
// level, priority education, sector and band, or alone with one of them in its cluster.
func (b *Builder) inCommon(clusters map[int64]string) map[string]school {
	of := map[string]school{}
	for key, cluster := range clusters {
		s := b.schools[key]
		c, known := of[cluster]
		if !known {
			c = s
		}
		if c.level != s.level {
			c.level = ""
		}
		if c.sector != s.sector {
			c.sector = ""
		}
		if c.ep != s.ep {
			c.ep = ""
		}
		if c.ips != s.ips {
			c.ips = 0
		}
		of[cluster] = c
	}
	return of
}

// personClusters gives the coarse cluster of each primary school: at least
// Floors.ClusterSchools schools of one stratum, see stratified. With too few schools
// in all there is one cluster, "*".
func (b *Builder) personClusters(ctx context.Context) (map[int64]string, error) {
	names := newNamer(b.o.Key, edition.TableParents, "cluster", b.salt())
	schools, err := b.subjectSchools(ctx)
	if err != nil {
		return nil, err
	}
	shuffle(schools, b.o.Key.PRF("cluster parents cluster order"), b.salt())
	return nameClusters(names, b.stratified(schools, b.o.Floors.ClusterSchools), b.o.Floors.ClusterSchools), nil
}

// subjectSchools are those that persons under study are attributed to, asked once: each caller has its own.
func (b *Builder) subjectSchools(ctx context.Context) ([]int64, error) {
	if b.attributedTo == nil {
		if err := flow.Rows(ctx, b.run, "subject_school", func(r struct{ SchoolKey, Persons int64 }) error {
			b.attributedTo = append(b.attributedTo, r.SchoolKey)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return slices.Clone(b.attributedTo), nil
}

// stratified cuts schools, in the order given, into clusters of at least n of one
// stratum, level × ep × IPS band, merged upwards (without the band, then without ep,
// then without level) where a stratum has too few. With fewer than n schools in all
// there is one cluster.
func (b *Builder) stratified(schools []int64, n int) [][]int64 {
	strata := []func(school) string{
		func(s school) string { return fmt.Sprint(s.level, "/", s.ep, "/", s.ips) },
		func(s school) string { return s.level + "/" + s.ep },
		func(s school) string { return s.level },
		func(school) string { return "" },
	}
	var clusters [][]int64
	rest := schools
	for _, stratum := range strata {
		groups := map[string][]int64{}
		for _, s := range rest {
			k := stratum(b.schools[s])
			groups[k] = append(groups[k], s)
		}
		rest = nil
		for _, s := range schools { // in random order, never in map order
			k := stratum(b.schools[s])
			members := groups[k]
			if len(members) == 0 || members[0] != s {
				continue
			}
			if len(members) < n {
				rest = append(rest, members...)
				continue
			}
			clusters = append(clusters, cut(members, n)...)
		}
	}
	if len(clusters) == 0 {
		clusters, rest = [][]int64{nil}, schools
	}
	// One or two schools that nothing took: into the last, the least like them all.
	last := len(clusters) - 1
	clusters[last] = append(clusters[last], rest...)
	return clusters
}

// cut divides schools into runs of n; the last takes what is left.
func cut(schools []int64, n int) [][]int64 {
	var runs [][]int64
	for len(schools) >= 2*n {
		runs, schools = append(runs, schools[:n:n]), schools[n:]
	}
	return append(runs, schools[:len(schools):len(schools)])
}

// nameClusters numbers clusters in a random order: "c01", "c02", …
func nameClusters(names *namer, clusters [][]int64, floor int) map[int64]string {
	slices.SortFunc(clusters, func(a, b []int64) int {
		return int(names.id("", a)) - int(names.id("", b))
	})
	digits := max(2, len(fmt.Sprint(len(clusters))))
	of := map[int64]string{}
	for i, c := range clusters {
		name := fmt.Sprintf("c%0*d", digits, i+1)
		if len(c) < floor {
			name = "*"
		}
		for _, s := range c {
			of[s] = name
		}
	}
	return of
}

// populationRow is the answer population: numbers of distinct units, and the sums of their record keys.
type populationRow struct {
	Persons, PersonKeys, Children, ChildKeys, Families, FamilyKeys, Schools int64
}

// Population counts the persons in scope, before any suppression, each number with the noise of a cell of the same.
func (b *Builder) Population(ctx context.Context) (edition.Population, error) {
	var p edition.Population
	grouping := "all"
	if b.o.Kind == Schools {
		grouping = "school"
	}
	b.run.Set(map[string]any{"grouping": grouping})
	if err := b.run.Drop(ctx, "in_scope"); err != nil { // that of another edition
		return p, err
	}
	err := flow.Rows(ctx, b.run, "population", func(r populationRow) error {
		p = edition.Population{
			Persons:  b.noise.Count(uint32(r.PersonKeys), r.Persons),
			Children: b.noise.Count(uint32(r.ChildKeys), r.Children),
			Families: b.noise.Count(uint32(r.FamilyKeys), r.Families),
			Schools:  r.Schools,
		}
		return nil
	})
	return p, err
}

func ipsBand(band int64) string {
	if band < 1 {
		return unknown
	}
	return strconv.FormatInt(band, 10)
}
