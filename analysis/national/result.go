package national

import (
	"maps"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// The targets of an interval, as package indicator writes them.
const (
	targetSchools = "superpopulation of schools"
	targetNone    = "none"
)

const level = 0.95

// group is one key and its value, or several.
type group map[string]string

// and adds a key; an empty value adds none.
func (g group) and(key, value string) group {
	out := group{}
	maps.Copy(out, g)
	if value != "" {
		out[key] = value
	}
	return out
}

// figure is where a result belongs.
type figure struct {
	indicator, measure, population string
	group                          group
}

func (f figure) result() indicator.Result {
	return indicator.Result{Indicator: f.indicator, Edition: "national", Population: f.population, Group: f.group,
		Measure: f.measure, Target: targetNone, Status: indicator.Published, Method: "count"}
}

// counted is a sum or a number of schools: it has no sampling error.
func (f figure) counted(value, schools int64, warnings ...indicator.Warning) indicator.Result {
	r := f.result()
	v := float64(value)
	r.Estimate, r.N, r.Warnings = &v, schools, warnings
	return r
}

// plain is a number without interval.
func (f figure) plain(value float64, schools int64, method string, warnings ...indicator.Warning) indicator.Result {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return f.missing(noSchool.with())
	}
	r := f.result()
	r.Estimate, r.N, r.Method, r.Warnings = &value, schools, method, warnings
	return r
}

// estimated is a number with the interval of its schools.
func (f figure) estimated(e stats.Estimate, schools int64, warnings ...indicator.Warning) indicator.Result {
	r := f.plain(e.Value, schools, e.Method, warnings...)
	if r.Status != indicator.Published {
		return r
	}
	if e.HasInterval() {
		low, high := e.Low, e.High
		r.Low, r.High, r.Level, r.Target = &low, &high, e.Level, targetSchools
		return r
	}
	r.Warnings = append(slices.Clone(r.Warnings), noInterval(e)) // callers share theirs
	return r
}

// missing is « non mesurable », and why.
func (f figure) missing(why indicator.Warning) indicator.Result {
	r := f.result()
	r.Status, r.Method, r.Warnings = indicator.NotMeasurable, "", []indicator.Warning{why}
	return r
}
