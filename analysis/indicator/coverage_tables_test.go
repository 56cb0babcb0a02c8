package indicator

import (
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// wholeRegion are figures of ranks over all persons of the region, of geometric
// counts of mean mu.
func wholeRegion(truth func(share []float64, mu float64) float64, mu float64) plan {
	share := make([]float64, 2000)
	for v := range share {
		share[v] = math.Pow(mu/(1+mu), float64(v)) / (1 + mu)
	}
	return plan{truth(share, mu), func(d *drawn, m question.Measure) {
		visits := make([][]int64, len(d.schools))
		var of [4000]int64
		var n, total int64
		for i, s := range d.schools {
			for range s.units {
				v := geometric(d.unit(s), mu)
				visits[i] = append(visits[i], v)
				of[v], n, total = of[v]+1, n+1, total+v
			}
		}
		var below, upTo [4000]int64
		var count, sum int64
		for v, k := range of {
			below[v] = count
			count, sum = count+k, sum+k*int64(v)
			upTo[v] = sum
		}
		if m.Estimator == "lorenz" {
			d.addParts(m.Sources, visits, n, &of, &below)
			return
		}
		for i, s := range d.schools {
			d.addRanks(int32(i), s, visits[i], total, &of, &below, &upTo)
			d.addTop(int32(i), s, visits[i], n, &of, &below)
		}
	}}
}

// addRanks adds the cells of the ranks of F5 of one school.
func (d *drawn) addRanks(cluster int32, s drawnSchool, visits []int64, total int64, of, below, upTo *[4000]int64) {
	var rank, upper query.Sum
	for _, v := range visits {
		rank.X, rank.Y = rank.X+v*(2*below[v]+of[v]+1), rank.Y+v
		upper.X, upper.Y = upper.X+total-upTo[v], upper.Y+v
	}
	for source, row := range map[string]query.Sum{"F5.rank": rank, "F5.upper": upper} {
		row.Cluster, row.Persons = cluster, s.units
		d.add(source, edition.PopAll, wholePopulation, row)
	}
}

// addTop adds the cell of one school of what a tenth of all persons, those with most, hold. Of
// those who tie at its edge each is in it in proportion, at random to the nearest visit.
func (d *drawn) addTop(cluster int32, s drawnSchool, visits []int64, n int64, of, below *[4000]int64) {
	row := query.Sum{Cluster: cluster, Persons: s.units}
	for _, v := range visits {
		above := float64(n - below[v] - of[v])
		inside := math.Min(1, math.Max(0, (float64(n)/10-above)/float64(of[v])))
		held := int64(0)
		if d.rng.Float64() < inside {
			held = v
		}
		row.X, row.Y = row.X+held, row.Y+v
		row.Histogram[binOf(held)]++
	}
	d.add("F5.top_tenth", edition.PopAll, wholePopulation, row)
}

// addParts adds the cells of the parts of a Lorenz curve. Those who tie at an edge fall to either
// side at random.
func (d *drawn) addParts(sources []string, visits [][]int64, n int64, of, below *[4000]int64) {
	for i, s := range d.schools {
		rows := make([]query.Sum, len(sources))
		for _, v := range visits[i] {
			place := 100 * (float64(n-below[v]-of[v]) + d.rng.Float64()*float64(of[v])) / float64(n)
			for k := range rows {
				held := int64(0)
				if place < partsOfTop[k] && (k == 0 || place >= partsOfTop[k-1]) {
					held = v
				}
				rows[k].X, rows[k].Y = rows[k].X+held, rows[k].Y+v
				rows[k].Histogram[binOf(held)]++
			}
		}
		for k, row := range rows {
			row.Cluster, row.Persons = int32(i), s.units
			d.add(sources[k], edition.PopAll, wholePopulation, row)
		}
	}
}

// giniOf is Σ F(v)(1 − F(v))/mean.
func giniOf(share []float64, mu float64) (g float64) {
	f := 0.0
	for _, p := range share {
		f += p
		g += f * (1 - f) / mu
	}
	return g
}

// topOf is what a share of all, those with most visits, holds.
func topOf(top float64) func(share []float64, mu float64) float64 {
	return func(share []float64, mu float64) (held float64) {
		left := top
		for v := len(share) - 1; v >= 0 && left > 0; v-- {
			p := math.Min(share[v], left)
			held, left = held+p*float64(v), left-p
		}
		return held / mu
	}
}

// The share of units that have had their event by a time is 1 − exp(−(t/τ)^0.6),
// with τ a fifth of the longest time of the curve (12 weeks without edges).
func timeOf(c edition.Curve) (ends []float64, by func(t float64) float64) {
	for _, e := range c.Edges {
		ends = append(ends, float64(e))
	}
	if c.Edges == nil {
		for w := range 13 {
			ends = append(ends, float64(w))
		}
	}
	tau := ends[len(ends)-1] / 5
	return ends[1:], func(t float64) float64 { return -math.Expm1(-math.Pow(t/tau, 0.6)) }
}

// followed are life tables; 1 % of those at risk are lost in each bin. With share
// below 1, that share of the events is of the curve and the others of its rival.
func followed(m question.Measure, share float64) plan {
	known, _ := edition.FindCurve(m.Curve)
	ends, by := timeOf(known)
	return plan{followedTruth(m, ends, by) * share, func(d *drawn, m question.Measure) {
		mine, theirs := []query.Time{}, []query.Time{}
		for i, s := range d.schools {
			cause := 1.0
			if share < 1 {
				cause = d.within(drawnSchool{z: d.rng.NormFloat64()}, share)
			}
			w := d.rng.NormFloat64()
			left, before := s.units, 0.0
			for k := 0; k < len(ends) && left > 0; k++ {
				common := math.Sqrt(alikeness)*s.z + math.Sqrt(ownness)*w
				now := normalCDF((normalQuantile(by(ends[k])) - common) / math.Sqrt(1-alikeness-ownness))
				all := d.binomial(left, (now-before)/(1-before))
				events, lost := d.binomial(all, cause), d.binomial(left-all, 0.01)
				row := query.Time{Grouping: "all", Cluster: int32(i), Schools: 1, Bin: int32(k), Persons: s.units,
					AtRisk: left}
				row.Events, row.Censored = events, all-events+lost
				mine = append(mine, row)
				row.Events, row.Censored = all-events, events+lost
				theirs = append(theirs, row)
				left, before = left-all-lost, now
			}
		}
		d.times[m.Curve] = map[query.Group][]query.Time{wholePopulation: mine}
		if m.Rival != "" {
			d.times[m.Rival] = map[query.Group][]query.Time{wholePopulation: theirs}
		}
	}}
}

// followedTruth is the share at m.At, or the time of m.Quantile on straight lines
// between the ends of the bins.
func followedTruth(m question.Measure, ends []float64, by func(float64) float64) float64 {
	if m.Quantile == 0 {
		return by(m.At)
	}
	from := 0.0
	for _, end := range ends {
		if by(end) >= m.Quantile {
			return from + (end-from)*(m.Quantile-by(from))/(by(end)-by(from))
		}
		from = end
	}
	return math.NaN()
}

// services are visits by week with a service among all, of parents, and of pupils
// where both are asked: share of them are of the parents, or with the service.
func services(share float64) plan {
	moved := normalCDF(normalQuantile(share) - effectSD*math.Sqrt(alikeness))
	return plan{moved, func(d *drawn, m question.Measure) {
		parents, pupils := []query.Week{}, []query.Week{}
		for i, s := range d.schools {
			p := d.within(s, share)
			for w := range 3 {
				row := query.Week{
					Level: "college", Cluster: int32(i), Schools: 1, WeekDay: firstMonday + 7*int32(w),
					Persons: s.units,
				}
				all := d.visits(s.units, 2*s.effect())
				with := d.events(s, all, p)
				row.Service, row.Visits = m.Service, with
				parents = append(parents, row)
				row.Visits = all - with
				pupils = append(pupils, row)
				row.Service, row.Visits = anyService, all
				parents = append(parents, row)
			}
		}
		d.weeks[profileParent], d.weeks[profilePupil] = parents, pupils
	}}
}

// classed are rows of the person table: clusters of three schools.
func classed(share float64) plan {
	return plan{share, func(d *drawn, m question.Measure) {
		d.read = true
		band := strings.TrimPrefix(m.Name, "class_")
		for i, s := range d.schools {
			hit := d.binomial(s.units, d.within(s, share))
			name := string(rune('a' + i/3))
			d.bands = append(d.bands, query.Band{Cluster: name, Visits: band, Persons: hit},
				query.Band{Cluster: name, Visits: "other", Persons: s.units - hit})
		}
	}}
}

// registered are schools of which something is true.
func registered(share float64) plan {
	return plan{share, func(d *drawn, m question.Measure) {
		n := int64(len(d.schools))
		d.rows = []query.Coverage{{Feed: m.Feed, Level: "college", Expected: n, Reporting: d.binomial(n, share)}}
	}}
}

// The weekly series: 18 weeks, 8 weeks of the lockdown, 18 weeks. A week of all
// schools has a shock, of which the next one keeps a part.
const (
	weeksAround = 18
	shockOfWeek = 0.06 // SD, on the log
	keptShock   = 0.4
)

// broken are weekly visits that a lockdown multiplies by level and whose trend it
// changes by slope a week; its end multiplies them by end.
func broken(truth, level, slope, end, shockSD float64) plan {
	return plan{truth, func(d *drawn, _ question.Measure) {
		weeks := 2*weeksAround + int(reopeningWeek-lockdownWeek)/7
		shock := shockSD * d.rng.NormFloat64()
		rows := make([]query.Week, 0, weeks*len(d.schools))
		for w := range weeks {
			mean := 0.01 * float64(w)
			if after := float64(w - weeksAround); after >= 0 {
				mean += math.Log(level) + after*math.Log(slope)
			}
			if w >= weeks-weeksAround {
				mean += math.Log(end)
			}
			for i, s := range d.schools {
				rows = append(rows, query.Week{Level: "college", Cluster: int32(i), Schools: 1,
					WeekDay: lockdownWeek + 7*int32(w-weeksAround), Service: anyService,
					Persons: s.units, Visits: max(1, d.visits(s.units, 2*s.effect()*math.Exp(mean+shock)))})
			}
			shock = keptShock*shock + shockSD*math.Sqrt(1-keptShock*keptShock)*d.rng.NormFloat64()
		}
		d.weeks[profileParent] = rows
	}}
}

// weekOf is the mean number of visits per school in a week before the lockdown.
func weekOf(w int) float64 {
	var units, weight float64
	for z := -8.0; z <= 8; z += 0.001 {
		p := math.Exp(-z * z / 2)
		units, weight = units+p*math.Max(30, math.Round(meanUnits*math.Exp(0.6*z-0.18))), weight+p
	}
	return 2 * units / weight * math.Exp(0.01*float64(w))
}
