package oracle

import (
	"math"
	"slices"
)

// burstiness is A_n of Kim and Jo (2016) of the times between visits:
// (√(n+1)·r − √(n−1)) / ((√(n+1) − 2)·r + √(n−1)), r = σ/μ over n intervals.
func burstiness(visits []session) float64 {
	n := float64(len(visits) - 1)
	var sum, squares float64
	for i := 1; i < len(visits); i++ {
		gap := float64(visits[i].start-visits[i-1].start) / 1000
		sum += gap
		squares += gap * gap
	}
	mean := sum / n
	r := math.Sqrt(math.Max(0, squares/n-mean*mean)) / mean
	return (math.Sqrt(n+1)*r - math.Sqrt(n-1)) / ((math.Sqrt(n+1)-2)*r + math.Sqrt(n-1))
}

// memory is M of Goh and Barabási (2008): the correlation of each time between
// visits with the next.
func memory(visits []session) float64 {
	var gaps []float64
	for i := 1; i < len(visits); i++ {
		gaps = append(gaps, float64(visits[i].start-visits[i-1].start)/1000)
	}
	moments := func(x []float64) (mean, sd float64) {
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			sd += (v - mean) * (v - mean) / float64(len(x))
		}
		return mean, math.Sqrt(sd)
	}
	a, b := gaps[:len(gaps)-1], gaps[1:]
	m1, s1 := moments(a)
	m2, s2 := moments(b)
	if s1 == 0 || s2 == 0 {
		return 0
	}
	sum := 0.0
	for i := range a {
		sum += (a[i] - m1) * (b[i] - m2)
	}
	return sum / float64(len(a)) / (s1 * s2)
}

// veryFrequent is N5: at least 20 grade visits; three or more of them on a
// quarter of the school days; at least 0.6 of them empty; and either bursts
// (A_n >= 0.3) or a tenth of them in the night.
func veryFrequent(visits []session, busyDays, days, empty int) bool {
	n := len(visits)
	if n < 20 || 4*busyDays < days || days == 0 || float64(empty) < 0.6*float64(n-1)-1e-9 {
		return false
	}
	return 10*atNight(visits) >= n || burstiness(visits) >= 0.3
}

// emptyByChance is how many visits would find nothing if each of those between the
// first and the last fell, at its hour and on its weekday, in any week of the same kind
// (school or not): of the visits between two publications the first finds something, if
// there is any, and so does the last visit of all when something was published before.
func (p *pair) emptyByChance() float64 {
	w, cal, visits := p.b.Window, p.calendar(p.si), p.visits
	from, to := visits[0].start, visits[len(visits)-1].start
	news := slices.DeleteFunc(slices.Compact(slices.Clone(p.pubs)), func(ts int64) bool {
		return ts <= from || ts > to
	})
	if len(news) == 0 {
		return float64(len(visits) - 1)
	}
	none := make([]float64, len(news)) // the chance that no visit falls after a publication and before the next
	for k := range none {
		none[k] = 1
	}
	fell := make([]int, len(news)) // of the weeks of a visit, those in which it falls there
	for _, v := range visits[1 : len(visits)-1] {
		clear(fell)
		moved, last := 0, -1 // last is the last publication before
		for day := v.day % 7; day < w.Days; day += 7 {
			ts := v.start - w.Midnight[v.day] + w.Midnight[day]
			if day != v.day && (ts <= from || ts >= to || (cal.WeekOf[day] < 0) != (cal.WeekOf[v.day] < 0)) {
				continue
			}
			moved++
			for last+1 < len(news) && news[last+1] <= ts {
				last++
			}
			if last >= 0 {
				fell[last]++
			}
		}
		for k, n := range fell {
			none[k] *= 1 - float64(n)/float64(moved)
		}
	}
	found := 1.0
	for _, chance := range none[:len(none)-1] {
		found += 1 - chance
	}
	return float64(len(visits)-1) - found
}

// atNight counts the visits that begin between 23 h and 6 h.
func atNight(visits []session) (n int) {
	for i := range visits {
		n += oneIf(visits[i].hour >= 23 || visits[i].hour < 6)
	}
	return n
}
