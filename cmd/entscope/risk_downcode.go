package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/pflag"

	"github.com/entscope/entscope/anonymize/downcode"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/risk"
)

// downcodeFlags are those of `entscope risk --downcode`.
type downcodeFlags struct {
	on                       bool
	marginals, truth, sealed string
}

func (f *downcodeFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.on, "downcode", false, "try to undo a recoding of cells, by the hierarchies of --policy")
	flags.StringVar(&f.marginals, "marginals", "",
		"with --downcode: frequency tables that others hold (column,value,count)")
	flags.StringVar(&f.truth, "truth", "", "with --downcode: the true table, to judge what is claimed")
	flags.StringVar(&f.sealed, "sealed", "", "with --truth: of which of its rows each released row was made")
}

// check refuses flags of an attack that is not asked for.
func (f *downcodeFlags) check(policyFile string) error {
	switch {
	case !f.on && (f.marginals != "" || f.truth != "" || f.sealed != ""):
		return withExit(exitUsage,
			errors.New("risk: --marginals, --truth and --sealed are for --downcode, which is not set"))
	case f.on && policyFile == "":
		return withExit(exitUsage, errors.New("risk: --downcode needs the hierarchies of --policy"))
	case f.sealed != "" && f.truth == "":
		return withExit(exitUsage, errors.New("risk: --sealed is for --truth, which is not set"))
	}
	return nil
}

// try attacks the released table by the quasi-identifiers of the policy.
func (f *downcodeFlags) try(
	released *kanon.Table, h *hierarchies, population *risk.Population, delimiter rune,
) (*downcode.Report, error) {
	known := downcode.Known{Minimal: true}
	if population != nil {
		known.Population = population.Table
	}
	marginals := map[string]map[string]int{}
	var err error
	if f.marginals != "" {
		if marginals, err = microdata.ReadMarginals(f.marginals); err != nil {
			return nil, fmt.Errorf("marginals: %w", err)
		}
	}
	for name := range marginals {
		if !slices.Contains(h.names(), name) {
			return nil, withExit(exitUsage, fmt.Errorf("marginals: %q is no quasi-identifier of the policy", name))
		}
	}
	truth, err := f.readTruth(released, h, delimiter)
	if err != nil {
		return nil, fmt.Errorf("truth: %w", err)
	}
	for _, q := range h.quasi {
		c := downcode.Column{Name: q.Name, Marginals: marginals[q.Name]}
		var values []string
		for value := range c.Marginals {
			values = append(values, value)
		}
		if known.Population != nil {
			values = append(values, used(known.Population, q.Name)...)
		}
		if truth != nil {
			values = append(values, used(truth.Table, q.Name)...)
		}
		if c.Hierarchy, err = q.Over(used(released, q.Name), values, h.files); err != nil {
			hint := ""
			if errors.Is(err, policy.ErrNoValues) {
				hint = "; hint: --marginals, --population or --truth give them"
			}
			return nil, fmt.Errorf("quasi-identifier %q: %w%s", q.Name, err, hint)
		}
		known.Columns = append(known.Columns, c)
	}
	report, err := downcode.Downcode(released, known, truth)
	if err != nil {
		return nil, withExit(exitInput, err)
	}
	return report, nil
}

// used are the values that rows of a table have in a column, none where it has no such column.
func used(t *kanon.Table, name string) []string {
	column := t.Column(name)
	if column == nil {
		return nil
	}
	values, _ := column.Used()
	return values
}

// readTruth reads the true table, nil without one.
func (f *downcodeFlags) readTruth(released *kanon.Table, h *hierarchies, delimiter rune) (*downcode.Truth, error) {
	if f.truth == "" {
		return nil, nil
	}
	in, err := microdata.Read(f.truth, microdata.Options{Columns: h.names(), Delimiter: delimiter})
	if err != nil {
		return nil, err
	}
	p := policy.Policy{QuasiIdentifiers: h.quasi}
	table, _, err := p.Bind(in.Table, h.files)
	if err != nil {
		return nil, err
	}
	var records []int32 // of each row of the released file
	if f.sealed != "" {
		if records, err = microdata.ReadRecords(f.sealed); err != nil {
			return nil, err
		}
	} else {
		for row := range table.Rows() {
			records = append(records, int32(row))
		}
	}
	if released.From == nil {
		return &downcode.Truth{Table: table, Rows: records}, nil
	}
	out := &downcode.Truth{Table: table}
	for _, row := range released.From { // suppressed rows were left out
		if int(row) < len(records) {
			out.Rows = append(out.Rows, records[row])
		}
	}
	return out, nil
}

// printDowncoding writes what an attacker says of generalised cells.
func printDowncoding(out io.Writer, r *downcode.Report) {
	if r == nil {
		return
	}
	fmt.Fprintf(out, "downcoding: %d of %d cells are generalised; %d are narrowed, %d are known, %d of them alone "+
		"in their row\n", r.Generalised, r.Cells, r.Narrowed.Cells, r.Known.Cells, r.Undone.Cells)
	if r.WholeColumns {
		fmt.Fprintln(out, "  each column stands at one level: no cell was taken for the lowest that holds its class")
	}
	if r.Contradicted > 0 {
		fmt.Fprintf(out, "  %d cells are higher than a minimal recoding has them: they were attacked without that\n",
			r.Contradicted)
	}
	for _, c := range []struct {
		name string
		downcode.Claims
	}{{"narrowed", r.Narrowed}, {"known", r.Known}, {"alone", r.Undone}} {
		if j := c.Judged; j != nil {
			fmt.Fprintf(out, "  %-9s right %d of %d; by chance %.1f [%.1f, %.1f]; the most frequent value %d\n", c.name, j.Right,
				c.Cells, j.Chance, j.Low, j.High, j.Likeliest)
		}
	}
	for _, c := range r.Columns {
		if c.Generalised > 0 {
			fmt.Fprintf(out, "  %-24s generalised %d, narrowed %d, known %d\n", c.Name, c.Generalised, c.Narrowed, c.Known)
		}
	}
}
