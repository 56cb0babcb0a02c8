package anonymize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/subject"
)

// unnamedSchools is the least number of schools in a cluster of a measure that may
// never stand on a school page.
const unnamedSchools = 3

// leastReported is the least number of persons of whom a feed reports for a school in a week, for that week to be
// covered: see subject.Floors.
const leastReported = 5

// Research makes the research edition and gives its folder. It fails with
// kanon.ErrUnsatisfiable when no generalisation meets the policy and with
// edition.ErrExists when the edition is already there; nothing is written then.
func Research(ctx context.Context, o Options) (dir string, err error) {
	if err := o.check(); err != nil {
		return "", err
	}
	if o.Research == nil || o.Research.Cells == nil || o.Research.Attack == nil {
		return "", errors.New("anonymize: the research policy has no person table, no [cells] or no [attack]")
	}
	w, err := edition.NewWriterOn(o.Disk, o.dir(subject.Research))
	if err != nil {
		return "", err
	}
	w.SignWith(o.Sign)
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Abort())
		}
	}()
	cells := o.Research.Cells
	b, closeBuilder, err := o.builder(ctx, o.subjectOptions(subject.Research, subject.Floors{
		Cell: int64(max(cells.ClusterPersons, cells.Persons)), Staff: int64(cells.StaffPersons),
		School: int64(max(cells.ClusterPersons, cells.Persons)), ClusterSchools: cells.ClusterSchools,
		UnnamedSchools: unnamedSchools, Reported: leastReported,
	}, cells))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closeBuilder()) }()
	m := o.manifest(subject.Research)
	m.Perturbation = b.Perturbation()
	m.Thresholds = edition.Thresholds{CellPersons: int64(max(cells.ClusterPersons, cells.Persons)),
		StaffPersons: int64(cells.StaffPersons), ClusterOf: int64(cells.ClusterSchools), Unnamed: unnamedSchools}
	m.Notes = append(m.Notes, edition.NoteRecognisable)
	if len(o.unnamed) > 0 {
		m.Unnamed, m.Notes = o.unnamed, append(m.Notes, edition.NoteUnnamed)
	}
	parents, err := o.parents(ctx, b, m)
	if err != nil {
		return "", err
	}
	if err := edition.WriteTable(w, edition.TableParents, parents, m.Metadata(edition.TableParents)); err != nil {
		return "", err
	}
	if err := o.writeCells(ctx, b, w, m); err != nil {
		return "", err
	}
	if err := o.commit(ctx, b, w, m, int64(len(parents))); err != nil {
		return "", err
	}
	return o.dir(subject.Research), nil
}

func (o *Options) writeCells(ctx context.Context, b *subject.Builder, w *edition.Writer, m *edition.Manifest) error {
	sums, times, err := b.Cells(ctx)
	if err != nil {
		return err
	}
	m.Cost(edition.TableSums, b.Widths())
	weeks, err := b.Weeks(ctx)
	if err != nil {
		return err
	}
	coverage, err := b.Coverage(ctx)
	if err != nil {
		return err
	}
	for r := range sums.All() {
		r.Cluster = 0
		o.told.addOf(r.Measure, r)
	}
	for _, r := range times {
		r.Cluster = 0
		o.told.addOf(r.Curve, r)
	}
	for _, r := range weeks {
		r.Cluster = 0
		o.told.add(r)
	}
	for _, err := range []error{
		edition.WriteRows(w, edition.TableSums, sums.All(), m.Metadata(edition.TableSums)),
		edition.WriteTable(w, edition.TableTimes, times, m.Metadata(edition.TableTimes)),
		edition.WriteTable(w, edition.TableWeeks, weeks, m.Metadata(edition.TableWeeks)),
		edition.WriteTable(w, edition.TableCoverage, coverage, m.Metadata(edition.TableCoverage)),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// parents generalises the person table and fills what the manifest says of it.
func (o *Options) parents(ctx context.Context, b *subject.Builder, m *edition.Manifest) ([]edition.ParentRow, error) {
	if o.withheld != "" {
		m.Notes = append(m.Notes, edition.NoteWithheld)
		m.Anonymity = emptyAnonymity(o.Research)
		m.Anonymity.Withheld = o.withheld
		return nil, nil
	}
	persons, err := b.Persons(ctx)
	if err != nil {
		return nil, err
	}
	if len(persons.Account) == 0 {
		m.Notes = append(m.Notes, edition.NoteNobody)
		m.Anonymity = emptyAnonymity(o.Research)
		return nil, nil
	}
	table := kanonTable(persons)
	bound, p, err := o.Research.Bind(table, o.Files)
	if err != nil {
		return nil, fmt.Errorf("anonymize: person table: %w", err)
	}
	released, err := o.generalised(ctx, bound, p, m)
	if err != nil {
		return nil, fmt.Errorf("anonymize: person table: %w", err)
	}
	return parentRows(released), nil
}

// known counts who is unique in the table that leaves by its quasi-identifiers and by the
// columns that the registers of a school know; nil when they know none.
func known(quasi, columns []string, released *kanon.Table) *edition.Known {
	if len(columns) == 0 {
		return nil
	}
	persons := map[string]int{}
	for i := range released.Rows() {
		var key strings.Builder
		for _, name := range slices.Concat(quasi, columns) {
			if c := released.Column(name); c != nil { // nil is left out
				key.WriteString(c.Text(i) + "\x00")
			}
		}
		persons[key.String()]++
	}
	k := &edition.Known{Columns: columns}
	for _, n := range persons {
		if n == 1 {
			k.Unique++
		}
	}
	return k
}

// kanonTable gives the person table its protected units.
func kanonTable(t *subject.PersonTable) *kanon.Table {
	k := &kanon.Table{Units: []kanon.Unit{{Name: "account", IDs: t.Account}, {Name: "child", IDs: t.Child},
		{Name: "family", IDs: t.Family}}}
	for _, c := range t.Columns {
		k.Columns = append(k.Columns, kanon.Column{Name: c.Name, Values: c.Values, Codes: c.Codes})
	}
	return k
}

// anonymity is the promise of the person table, as the search reached it. How many it takes out follows from what the
// manifest tells of the population.
func anonymity(p *kanon.Policy, s *kanon.Solution, released *kanon.Table) *edition.Anonymity {
	a := &edition.Anonymity{
		K: int64(p.K), AchievedK: int64(s.AchievedK), Transformation: s.Levels, SuppressionLimit: p.SuppressionLimit,
		Classes: int64(s.Classes), Metric: string(s.Metric), ProvedOptimal: s.ProvedOptimal,
		UnitsK: map[string]int64{},
	}
	for unit, k := range s.UnitsK {
		a.UnitsK[unit] = int64(k)
	}
	for _, q := range p.QuasiIdentifiers {
		a.QuasiIdentifiers = append(a.QuasiIdentifiers, q.Name)
	}
	achieved := make([]float64, len(s.Achieved))
	for i, a := range s.Achieved {
		achieved[i] = a.Value
	}
	if len(achieved) > 0 {
		a.Sensitive = policy.Claims(p, achieved, released)
	}
	return a
}

// emptyAnonymity is what an empty person table promises: nobody is in it.
func emptyAnonymity(p *policy.Policy) *edition.Anonymity {
	a := &edition.Anonymity{K: int64(p.K), SuppressionLimit: p.SuppressionLimit, Metric: string(p.Metric),
		ProvedOptimal: true, Transformation: map[string]int{}, UnitsK: map[string]int64{}}
	for _, q := range p.QuasiIdentifiers {
		a.QuasiIdentifiers = append(a.QuasiIdentifiers, q.Name)
	}
	return a
}

// parentColumns are the columns of the person table, in the order that rows are
// sorted by.
var parentColumns = []struct {
	name  string
	field func(*edition.ParentRow) *string
}{
	{"level", func(r *edition.ParentRow) *string { return &r.Level }},
	{"grade_band", func(r *edition.ParentRow) *string { return &r.GradeBand }},
	{"sector", func(r *edition.ParentRow) *string { return &r.Sector }},
	{"ep", func(r *edition.ParentRow) *string { return &r.EP }},
	{"ips_band", func(r *edition.ParentRow) *string { return &r.IPSBand }},
	{"cluster", func(r *edition.ParentRow) *string { return &r.Cluster }},
	{"children", func(r *edition.ParentRow) *string { return &r.Children }},
	{"devices", func(r *edition.ParentRow) *string { return &r.Devices }},
	{"activation", func(r *edition.ParentRow) *string { return &r.Activation }},
	{"visits", func(r *edition.ParentRow) *string { return &r.Visits }},
	{"grade_visits", func(r *edition.ParentRow) *string { return &r.GradeVisits }},
	{"evening", func(r *edition.ParentRow) *string { return &r.Evening }},
	{"accompanied", func(r *edition.ParentRow) *string { return &r.Accompanied }},
}

// parentRows gives a released table the edition's columns, in an order that
// depends on what the rows hold. A column that the policy did not name is not in
// it, and stays "".
func parentRows(t *kanon.Table) []edition.ParentRow {
	rows := make([]edition.ParentRow, t.Rows())
	for _, column := range parentColumns {
		if c := t.Column(column.name); c != nil {
			for i := range rows {
				*column.field(&rows[i]) = c.Text(i)
			}
		}
	}
	slices.SortFunc(rows, func(a, b edition.ParentRow) int {
		for _, column := range parentColumns {
			if order := strings.Compare(*column.field(&a), *column.field(&b)); order != 0 {
				return order
			}
		}
		return 0
	})
	return rows
}
