package anonymize

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/attack"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
)

// resamples is the number of bootstrap samples behind an interval.
const resamples = 500

// toldBySchools are the columns of the person table that follow from a school and a grade:
// the schools edition speaks of both by name.
var toldBySchools = []string{"cluster", "grade_band"}

// generalised gives the person table as it leaves, and fills what the manifest says of it:
// generalised, attacked, its behaviours exchanged. A behaviour that an attack tells too much
// of leaves it where the policy allows; an error wraps ErrUnsatisfiable where it does not.
func (o *Options) generalised(
	ctx context.Context, t *kanon.Table, p *kanon.Policy, m *edition.Manifest,
) (*kanon.Table, error) {
	all, left := t, []string(nil)
	for {
		solution, released, err := kanon.Generalise(ctx, t, p)
		if err != nil {
			return nil, err
		}
		a := anonymity(p, solution, released)
		a.Exchanged, a.LeftOut, m.Anonymity = *o.Research.Attack.Exchange, left, a
		if err := o.attacked(ctx, t, p, a); err != nil {
			return nil, err
		}
		name, err := o.toLeaveOut(a)
		if err != nil {
			return nil, err
		}
		if name == "" {
			m.Cost(edition.TableParents, rowWidths(all, released, append(behaviours(t, p), left...)))
			leaves := o.exchanged(released, p, o.Key.PRF("exchange").Uint64)
			a.KnownToSchool = known(a.QuasiIdentifiers, o.Research.KnownToSchool, leaves)
			return leaves, nil
		}
		left = append(left, name)
		t, p = without(t, p, name)
	}
}

// exchanged exchanges the behaviours of each class, where the policy asks for it.
func (o *Options) exchanged(t *kanon.Table, p *kanon.Policy, draw func(...int64) uint64) *kanon.Table {
	if !*o.Research.Attack.Exchange {
		return t
	}
	return kanon.Exchange(t, quasiOf(p), draw)
}

func quasiOf(p *kanon.Policy) []string {
	var names []string
	for _, q := range p.QuasiIdentifiers {
		names = append(names, q.Name)
	}
	return names
}

// behaviours are the columns that leave as they are, or bounded.
func behaviours(t *kanon.Table, p *kanon.Policy) []string {
	var names []string
	for _, c := range t.Columns {
		isSensitive := func(s kanon.Sensitive) bool { return s.Name == c.Name }
		if slices.ContainsFunc(p.Sensitive, isSensitive) || slices.Contains(p.Keep, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// without is a table and its policy without a behaviour.
func without(t *kanon.Table, p *kanon.Policy, name string) (*kanon.Table, *kanon.Policy) {
	less, rules := &kanon.Table{Units: t.Units}, *p
	for _, c := range t.Columns {
		if c.Name != name {
			less.Columns = append(less.Columns, c)
		}
	}
	rules.Sensitive = slices.DeleteFunc(slices.Clone(p.Sensitive),
		func(s kanon.Sensitive) bool { return s.Name == name })
	rules.Keep = slices.DeleteFunc(slices.Clone(p.Keep), func(kept string) bool { return kept == name })
	return less, &rules
}

// attacked attacks twins of the person table as the policy asks, and notes what came of it.
// Too few persons are not attacked: the audit says so.
func (o *Options) attacked(ctx context.Context, t *kanon.Table, p *kanon.Policy, a *edition.Anonymity) error {
	rules := o.Research.Attack
	earlier, err := o.earlier()
	if err != nil {
		return err
	}
	options := attack.Options{
		Household: "family", Persons: rules.Persons, Resamples: resamples, Seed: o.Key.PRF("attack").Uint64(),
		Bound: rules.Bound, Earlier: earlier, Named: toldBySchools, Years: o.Study.years() > 1,
		Secrets: behaviours(t, p),
	}
	for _, who := range rules.Attackers {
		options.Attackers = append(options.Attackers, attack.Attacker{Name: who.Name, Known: who.Knows})
	}
	findings, err := attack.Measure(ctx, t, p, func(ctx context.Context, number int, part *kanon.Table) (
		*attack.Twin, error) {
		return o.twin(ctx, number, part, p)
	}, options)
	if errors.Is(err, attack.ErrFew) {
		return nil
	}
	for _, f := range findings {
		a.Attacks = append(a.Attacks, edition.AttackResult{
			Attack: f.Attack, Attacker: f.Attacker, Secret: f.Secret, Source: f.Source, Persons: int64(f.Persons),
			Twins: int64(f.Twins), Targeted: thousandths(f.Targeted), Baseline: thousandths(f.Controlled),
			Risk: thousandths(f.Risk), Low: thousandths(f.Low), High: thousandths(f.High), Bound: rules.Bound,
		})
	}
	return err
}

// twin releases a part of the persons as all of them are. Where the part alone does not meet
// the policy within its suppression limit, more of its rows are left out.
func (o *Options) twin(ctx context.Context, number int, part *kanon.Table, p *kanon.Policy) (*attack.Twin, error) {
	solution, rows, err := kanon.Generalise(ctx, part, p)
	if errors.Is(err, kanon.ErrUnsatisfiable) {
		lenient := *p
		lenient.SuppressionLimit = 1
		solution, rows, err = kanon.Generalise(ctx, part, &lenient)
	}
	if err != nil {
		return nil, err
	}
	draw := rand.New(rand.NewPCG(o.Key.PRF("twin").Uint64(int64(number)), 0))
	rows = o.exchanged(rows, p, func(...int64) uint64 { return draw.Uint64() })
	return &attack.Twin{Released: rows, Levels: solution.Levels}, nil
}

// earlier are the research editions of other terms that stand beside this one, by their rows.
// The names of clusters are random and of one edition each: nobody can match them.
func (o *Options) earlier() ([]attack.Earlier, error) {
	entries, err := os.ReadDir(o.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("editions: %w", err)
	}
	var out []attack.Earlier
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), edition.KindResearch+"-") {
			continue
		}
		dir := filepath.Join(o.Out, e.Name())
		m, err := edition.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || err == nil && o.sameTerm(m.Term) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if m.Anonymity == nil {
			continue
		}
		t, err := personTable(dir)
		if err != nil {
			return nil, fmt.Errorf("%s, which stands beside: %w", e.Name(), err)
		}
		if t.Rows() > 0 {
			out = append(out, attack.Earlier{Twin: attack.Twin{Released: t, Levels: m.Anonymity.Transformation}})
		}
	}
	return out, nil
}

// sameTerm reports whether a term is this one or a revision of the same.
func (o *Options) sameTerm(term string) bool {
	first, _, _ := strings.Cut(o.Study.Term, ".")
	other, _, _ := strings.Cut(term, ".")
	return first == other
}

// personTable is the person table of an edition, without its clusters and what no row carries. It is read by codes: its
// texts at once would be ten times as large.
func personTable(dir string) (*kanon.Table, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	columns, codes := make([]kanon.Column, len(parentColumns)), make([]map[string]int32, len(parentColumns))
	for i := range codes {
		codes[i] = map[string]int32{}
	}
	for row, err := range edition.Rows[edition.ParentRow](root, edition.TableParents) {
		if err != nil {
			return nil, err
		}
		for i, column := range parentColumns {
			text := *column.field(&row)
			code, known := codes[i][text]
			if !known {
				text = strings.Clone(text) // not the page that it stands in
				code = int32(len(columns[i].Values))
				codes[i][text], columns[i].Values = code, append(columns[i].Values, text)
			}
			columns[i].Codes = append(columns[i].Codes, code)
		}
	}
	t := &kanon.Table{}
	for i, column := range parentColumns {
		if column.name == "cluster" || !slices.ContainsFunc(columns[i].Values, func(text string) bool { return text != "" }) {
			continue
		}
		t.Columns = append(t.Columns, kanon.Coded(column.name, columns[i].Values, columns[i].Codes))
	}
	return t, nil
}

// toLeaveOut is the behaviour that the worst attack above the bound tells of, "" where none
// is above. An attack on what the policy does not let out, or on no one behaviour, is an error.
func (o *Options) toLeaveOut(a *edition.Anonymity) (string, error) {
	var above []edition.AttackResult
	for _, r := range a.Attacks {
		if r.High > r.Bound {
			above = append(above, r)
		}
	}
	if len(above) == 0 {
		return "", nil
	}
	slices.SortStableFunc(above,
		func(a, b edition.AttackResult) int { return int(math.Round(1000 * (b.High - a.High))) })
	for _, r := range above {
		if slices.Contains(o.Research.Attack.LeaveOut, r.Secret) {
			return r.Secret, nil
		}
	}
	texts := make([]string, len(above))
	for i, r := range above {
		what := strings.TrimSpace(r.Attack + " " + r.Secret + r.Source)
		texts[i] = fmt.Sprintf("%s by %q: %.3f [%.3f, %.3f]", what, r.Attacker, r.Risk, r.Low, r.High)
	}
	way := "a larger k, or a lower max_level of what the attacker knows"
	switch secret := above[0].Secret; {
	case !a.Exchanged:
		way = "[attack] exchange = true"
	case secret != "":
		way = fmt.Sprintf("add %q to [attack] leave_out, or %s", secret, way)
	}
	return "", fmt.Errorf("the upper end of a residual risk is above [attack] bound = %g (%s): %w; way on, in the "+
		"research policy: %s", above[0].Bound, strings.Join(texts, "; "), ErrUnsatisfiable, way)
}

// thousandths rounds; there is no negative zero.
func thousandths(x float64) float64 { return math.Round(x*1000)/1000 + 0 }
