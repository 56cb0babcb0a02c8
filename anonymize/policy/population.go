package policy

import (
	"github.com/entscope/entscope/anonymize/kanon"
)

// Population is what a policy asks against those who hold a table of the persons among whom
// these are.
type Population struct {
	// needed; a CSV or Parquet file alongside the policy, with the quasi-identifiers as they are
	// before anything is made coarser
	File string `toml:"file"`
	// its column of the person; without it each of its rows is one
	Person string `toml:"person"`
	// one character; found in its header if unset
	Delimiter *string `toml:"delimiter"`
	// k-map: least number of persons of the population in a class that leaves
	KMap *int `toml:"k_map"`
	// δ-presence: least share of a class of the population that is in the table, 0 to 1; above 0
	// nobody may be left out
	DeltaMin float64 `toml:"delta_min"`
	// δ-presence: largest such share, above 0, at most 1
	DeltaMax *float64 `toml:"delta_max"`
}

// population refuses what asks nothing, or cannot be held.
func (r *reader) population(p *Policy) {
	among := p.Population
	if among.File == "" {
		r.fault("population.file", "population.file must be set")
	}
	if among.Delimiter != nil {
		if _, ok := oneCharacter(*among.Delimiter); !ok {
			r.fault("population.delimiter", "population.delimiter must be one character")
		}
	}
	if among.KMap == nil && among.DeltaMax == nil && among.DeltaMin == 0 {
		r.fault("population", "neither k_map nor delta_max of population is set: nothing would be asked")
	}
	if among.KMap != nil && *among.KMap < 1 {
		r.fault("population.k_map", "population.k_map must be at least 1")
	}
	if most := among.DeltaMax; most != nil && !(*most > 0 && *most <= 1) {
		r.fault("population.delta_max", "population.delta_max must be in ]0, 1]")
	}
	if !(among.DeltaMin >= 0 && among.DeltaMin <= among.most()) {
		r.fault("population.delta_min", "population.delta_min must be in [0, delta_max]")
	}
	if among.DeltaMin > 0 && p.SuppressionLimit > 0 {
		r.fault("population.delta_min", "population.delta_min needs suppression_limit = 0: whoever is left out makes "+
			"a class of which nobody is in the table")
	}
	if p.Recoding == Cell {
		r.fault("population", "population needs %q recoding", FullDomain)
	}
}

// most is delta_max, 1 where it is not set.
func (among *Population) most() float64 {
	if among.DeltaMax == nil {
		return 1
	}
	return *among.DeltaMax
}

// Separator is the delimiter of its file, 0 when it is left open.
func (among *Population) Separator() rune {
	if among.Delimiter == nil {
		return 0
	}
	d, _ := oneCharacter(*among.Delimiter)
	return d
}

// bind says what is asked against a table of the population.
func (among *Population) bind(t *kanon.Table) *kanon.Population {
	out := &kanon.Population{Table: t}
	if among.KMap != nil {
		out.KMap = *among.KMap
	}
	if among.DeltaMax != nil || among.DeltaMin > 0 {
		out.DeltaMin, out.DeltaMax = among.DeltaMin, among.most()
	}
	return out
}
