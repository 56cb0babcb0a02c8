package policy

import (
	_ "embed"
	"errors"

	"github.com/entscope/entscope/anonymize/perturb"
)

// Cells are the floors of the cell tables of an edition, in distinct persons.
type Cells struct {
	// least number of persons in a cell
	Persons int `toml:"persons"`
	// least number in a cluster of a cell table; smaller schools are merged until they reach it
	ClusterPersons int `toml:"cluster_persons"`
	// least number of schools in a cluster of the person table
	ClusterSchools int `toml:"cluster_schools"`
	// least number behind a rate of one school
	SchoolPersons int `toml:"school_persons"`
	// least number of staff in a cell
	StaffPersons int `toml:"staff_persons"`
	// 1 to 4; most editions of one kind that may leave of overlapping periods and common schools, and most different
	// periods within twelve months
	Releases int `toml:"releases"`
	// needed; the noise of every count and magnitude
	Perturbation *Perturbation `toml:"perturbation"`
}

// Perturbation is the noise of the cell tables: see package perturb.
type Perturbation struct {
	// needed, at least 9; variance of the noise of a count, in persons²; 0 leaves every cell exact, and the manifest says so
	Variance *float64 `toml:"variance"`
	// largest noise of a count, in persons; a cell is written from its floor and so many persons on, whatever its
	// noise is
	Maximum int `toml:"maximum"`
	// least number of persons that a noisy count may be, but 0
	Least int `toml:"least"`
	// at least 0.4; step of the noise of a magnitude, as a fraction of the largest contribution of one person
	Step float64 `toml:"step"`
}

// Parameters are those of package perturb.
func (p *Perturbation) Parameters() perturb.Parameters {
	return perturb.Parameters{Variance: *p.Variance, Maximum: p.Maximum, Least: p.Least, Step: p.Step}
}

// perturbation refuses what no noise meets.
func (r *reader) perturbation(p *Perturbation) {
	const key = "cells.perturbation"
	if p == nil || p.Variance == nil {
		r.fault(key, "cells.perturbation.variance must be set; 0 leaves every cell exact")
		return
	}
	if *p.Variance == 0 {
		if *p != (Perturbation{Variance: p.Variance}) {
			r.fault(key, "cells.perturbation: a variance of 0 has no maximum, least or step")
		}
		return
	}
	if _, err := perturb.NewNoise(p.Parameters(), nil); err != nil {
		r.fault(key, "cells.perturbation: %v", err)
		return
	}
	if *p.Variance < leastVariance {
		r.fault(key, "cells.perturbation: variance %v is weaker than %v", *p.Variance, leastVariance)
	}
	if p.Step < leastStep {
		r.fault(key, "cells.perturbation: step %v is weaker than %v", p.Step, leastStep)
	}
}

// Floors of the noise, and the most editions: what SECURITY.md promises was measured with them.
const (
	leastVariance = 9.0
	leastStep     = 0.4
	mostReleases  = 4
)

//go:embed research.toml
var research []byte

//go:embed schools.toml
var schools []byte

// ResearchText is the default policy of the research edition, in TOML.
func ResearchText() []byte { return append([]byte(nil), research...) }

// SchoolsText is the default policy of the schools edition, in TOML.
func SchoolsText() []byte { return append([]byte(nil), schools...) }

// ParseCells reads a policy that has only [cells]: the schools edition has no
// person row. Every floor must be set.
func ParseCells(data []byte) (*Cells, error) {
	d, r, err := decode(data)
	if err != nil {
		return nil, err
	}
	if d.Cells == nil {
		r.fault("cells", "no [cells]")
	} else {
		r.cells(d.Cells, true)
	}
	if d.K != nil || len(d.QuasiIdentifiers) > 0 || len(d.Sensitive) > 0 || d.Population != nil {
		r.fault("quasi_identifier", "an edition of cells has no person row: only [cells] may stand here")
	}
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	return d.Cells, nil
}

// floorPersons is below every threshold that a policy may set: k_floor of the
// privacy rules.
const floorPersons = 5

func (r *reader) cells(c *Cells, schools bool) {
	floor := func(key string, value, least int) {
		if value < least {
			r.fault("cells."+key, "cells.%s must be set, and at least %d", key, least)
		}
	}
	floor("persons", c.Persons, floorPersons)
	floor("staff_persons", c.StaffPersons, floorPersons)
	if floor("releases", c.Releases, 1); c.Releases > mostReleases {
		r.fault("cells.releases", "cells.releases is above %d", mostReleases)
	}
	r.perturbation(c.Perturbation)
	if schools {
		floor("school_persons", c.SchoolPersons, floorPersons)
		return
	}
	floor("cluster_persons", c.ClusterPersons, floorPersons)
	floor("cluster_schools", c.ClusterSchools, 3)
}
