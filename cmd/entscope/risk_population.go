package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/risk"
)

// hierarchies are those of a policy that bring a population to the levels of a table.
type hierarchies struct {
	quasi []policy.QuasiIdentifier
	files policy.Files
}

// hierarchies reads those of the policy, nil without one.
func (f riskFlags) hierarchies() (*hierarchies, error) {
	if f.population == "" && (f.policy != "" && !f.downcode.on || f.level != nil || f.populationPerson != "") {
		return nil, withExit(exitUsage,
			errors.New("risk: --policy, --level and --population-person are for --population, which is not set"))
	}
	if err := f.downcode.check(f.policy); err != nil {
		return nil, err
	}
	if f.policy == "" {
		if f.level != nil {
			return nil, withExit(exitUsage, errors.New("risk: --level is for --policy, which is not set"))
		}
		return nil, nil
	}
	_, p, err := microdata.ReadPolicy(f.policy)
	if err != nil {
		return nil, err
	}
	h := &hierarchies{files: microdata.Beside(f.policy)}
	for _, q := range p.QuasiIdentifiers {
		if len(f.quasi) == 0 || slices.Contains(f.quasi, q.Name) {
			h.quasi = append(h.quasi, q)
		}
	}
	for name := range f.level {
		if !slices.Contains(h.names(), name) {
			return nil, withExit(exitUsage, fmt.Errorf("risk: --level: %q is no quasi-identifier of the policy", name))
		}
	}
	for _, name := range f.quasi {
		if !slices.Contains(h.names(), name) {
			return nil, withExit(exitUsage, fmt.Errorf("risk: --qi: the policy has no quasi-identifier %q", name))
		}
	}
	return h, nil
}

// names are those of the quasi-identifiers.
func (h *hierarchies) names() []string {
	if h == nil {
		return nil
	}
	var names []string
	for _, q := range h.quasi {
		names = append(names, q.Name)
	}
	return names
}

// readPopulation reads the table of the population, with the hierarchies over its values.
func (f riskFlags) readPopulation(o microdata.Options, h *hierarchies) (*risk.Population, []microdata.Doubt, error) {
	in, err := microdata.Read(f.population, o)
	if err != nil {
		return nil, nil, err
	}
	if f.populationPerson == "" && slices.Contains(in.Dropped, f.person) {
		// Persons against rows: somebody with two rows there would hide two here.
		return nil, nil, withExit(exitUsage, fmt.Errorf("it has the column %q too, by which persons of the table are "+
			"counted; hint: --population-person %s", f.person, f.person))
	}
	out := &risk.Population{Table: in.Table, Levels: f.level}
	if h == nil {
		return out, in.Doubts, nil
	}
	p := policy.Policy{QuasiIdentifiers: h.quasi}
	table, bound, err := p.Bind(in.Table, h.files)
	if err != nil {
		return nil, nil, err
	}
	out.Table, out.Hierarchies = table, map[string]*hierarchy.Hierarchy{}
	for _, q := range bound.QuasiIdentifiers {
		out.Hierarchies[q.Name] = q.Hierarchy
	}
	return out, in.Doubts, nil
}

// printPopulation writes what the table tells those who hold its population.
func printPopulation(out io.Writer, r *risk.Report) {
	p := r.Population
	if p == nil {
		return
	}
	fmt.Fprintf(out, "  k-map = %d of %d persons of the population; %d rows of %d persons are in a class of fewer than %d\n",
		p.KMap, p.Persons, p.RowsBelow, p.PersonsBelow, r.AtRiskBelow)
	if needs := r.Absent["delta_presence"]; needs != "" {
		fmt.Fprintf(out, "  delta-presence not measurable: needs %s\n", needs)
		return
	}
	fmt.Fprintf(out, "  delta-presence in [%.4f, %.4f]; %d persons are in no class of the table\n", *p.DeltaMin,
		*p.DeltaMax, p.Elsewhere)
}

// warnPopulation says where the population does not hold the table; the command then
// ends with exit code 3.
func warnPopulation(log *slog.Logger, p *risk.PopulationReport) error {
	if p == nil || p.Smaller == 0 {
		return nil
	}
	log.Warn(fmt.Sprintf("%d classes of the table have fewer persons in the population, or none: "+
		"%d rows of %d persons match nobody there", p.Smaller, p.RowsUnmatched, p.PersonsUnmatched))
	return withExit(exitWarnings, errors.New("done with warnings of the population"))
}
