package indicator

import (
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/stats"
)

// unmeasured says why there is no number.
func (r Result) unmeasured(code, format string, args ...any) Result {
	r.Estimate, r.Low, r.High, r.Level, r.Target, r.N, r.counts = nil, nil, nil, 0, targetNone, 0, nil
	r.Status, r.Warnings = NotMeasurable, []Warning{warning(code, format, args...)}
	return r
}

// absent is a cell without rows in the edition. It is remembered: the equations
// of the release could give it away.
func (r Result) absent(key cellKey) Result {
	r = r.unmeasured(CodeNoRows, noRows)
	r.counts = &counts{cell: key, absent: true}
	return r
}

const noRows = "Non mesurable : aucune donnée au-dessus du seuil de l’édition pour ce groupe, ou source absente."

const noFit = "Non mesurable : le modèle n’a pas de solution sur ces données " +
	"(trop peu d’établissements, ou un groupe sans variation)."

// estimated puts an estimate of package stats into a result, with the doubts
// put in French.
func (r Result) estimated(e stats.Estimate, schools int64) Result {
	if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
		return r.unmeasured(CodeZero, "Non mesurable : dénominateur nul.")
	}
	value := e.Value
	r.Estimate, r.Status, r.estimate = &value, Published, e
	switch {
	case e.Clusters < stats.MinClusters:
		r.Warnings = append(r.Warnings,
			warning(CodeFewClusters, "Moins de %d grappes d’établissements : pas d’intervalle.", stats.MinClusters))
	case schools < minSchools:
		r.Warnings = append(r.Warnings,
			warning(CodeFewSchools, "Moins de %d établissements : pas d’intervalle.", minSchools))
	case warns(e.Warnings, stats.OneCarries), warns(e.Warnings, stats.Alone) && !e.HasInterval():
		r.Warnings = append(r.Warnings,
			warning(CodeNoInterval, "Une seule grappe d’établissements porte ce chiffre : pas d’intervalle."))
	case !e.HasInterval():
		r.Warnings = append(r.Warnings, warning(CodeNoInterval, "L’intervalle n’est pas défini pour ces données."))
	default:
		low, high := math.Min(e.Low, value), math.Max(e.High, value) // back from a log scale
		r.Low, r.High, r.Level, r.Target = &low, &high, e.Level, targetSchools
		switch {
		case math.IsNaN(e.DF):
			r.Warnings = append(r.Warnings,
				warning(CodeBoundary, "Toutes les grappes sont à la même extrémité : intervalle large, par grappes."))
		case e.DF < 5:
			r.Warnings = append(r.Warnings, warning(CodeLargeClusters,
				"Peu d’établissements, très grands, portent ce chiffre : intervalle incertain."))
		}
	}
	return r
}

// between is what two estimates bound, widened by their sampling error.
func (r Result) between(a, b stats.Estimate, schools int64) Result {
	r = r.estimated(a, schools)
	lower, upper := a.Value, b.Value
	if outer := stats.ManskiBounds(a, b, level).Outer; r.Level > 0 && !math.IsNaN(outer.Low) {
		lower, upper = math.Min(outer.Low, a.Value), math.Max(outer.High, b.Value)
	} else {
		r.Level = 0
	}
	r.Estimate, r.Low, r.High, r.Target = nil, &lower, &upper, targetBounds
	return r
}

// farthest is the largest ratio of a model that says anything, and one over it the
// smallest: beyond, the likelihood is flat and the number is where the search stopped.
const farthest = 1e6

// fitted is estimated for a ratio of a model: one that has no finite estimate
// (separation, no convergence, too few groups), or that may for all the data say lie
// beyond farthest, is not shown.
func (r Result) fitted(e stats.Estimate, schools int64) Result {
	broken := slices.ContainsFunc(e.Warnings, func(w stats.Warning) bool {
		switch w.Code {
		case stats.Separation: // of the coefficients, those that go to infinity have no error
			return math.IsNaN(e.SE)
		case stats.NoConvergence, stats.NotIdentified:
			return true
		}
		return false
	})
	if broken || !determined(e) {
		return r.unmeasured(CodeModel, noFit)
	}
	return r.estimated(e, schools)
}

// determined reports whether a ratio and its interval, if it has one, are within farthest.
func determined(e stats.Estimate) bool {
	low, high := e.Value, e.Value
	if e.HasInterval() {
		low, high = math.Min(low, e.Low), math.Max(high, e.High)
	}
	return low >= 1/farthest && high <= farthest // and not NaN
}

func warns(warnings []stats.Warning, code stats.Code) bool {
	return slices.ContainsFunc(warnings, func(w stats.Warning) bool { return w.Code == code })
}
