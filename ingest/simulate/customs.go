package simulate

import (
	"math"
	"time"
)

// customs are what a school has set and does, drawn apart from its parents: the
// behaviour of a term does not depend on them.
type customs struct {
	// deferFrom is the day from which its grades are shown some days after the
	// copies were given back: negative since ever, noDay never.
	deferFrom int
	// openness is to whom parents may write: 1 nobody, 2 the principal teacher,
	// 3 all teachers.
	openness int
	// products are the portals it has had, the last one still.
	products []product
	// app: a second instrument, the access log of the front that the mobile
	// application talks to, sees what is done on a phone.
	app bool
	// visio: it holds remote meetings with the region's video service.
	visio bool
	// trained is the day of the first training session of its staff, noDay none.
	trained int
}

type product struct {
	name     string
	from, to int // days of the window; to is noDay while in use
}

const (
	deferredFactor = 0.6  // of the days of checking, where grades are deferred
	deferredEver   = 0.25 // of schools
	deferredLater  = 0.35 // of schools, in a window of years: in its middle
	appShare       = 0.5  // of entcore schools, in a window of years
	visioShare     = 0.6
	trainedShare   = 0.4
	twoProducts    = 0.30
	threeProducts  = 0.05
)

// accustom draws a school's customs.
func (r *region) accustom(s *school) {
	d := newDraw(r.seed, streamCustoms, uint64(s.number))
	years := r.w.years > 0
	s.deferFrom, s.trained = noDay, noDay
	u, week := d.Float64(), d.Float64()
	switch {
	case u < deferredEver:
		s.deferFrom = math.MinInt32
	case years && u < deferredEver+deferredLater:
		s.deferFrom = r.w.days/3/7*7 + int(week*float64(r.w.days/3/7))*7
	}
	s.openness = 1 + d.IntN(3)
	if s.level == ecole {
		s.openness = 3
	}
	s.app = d.chance(appShare) && years && s.system == systemEntcore
	s.visio = d.chance(visioShare) && years
	if d.chance(trainedShare) && years {
		s.trained = r.w.days/4 + d.IntN(r.w.days/2)
	}
	names, from, n := []string{"Portail Alpha", "Portail Bêta", "Portail Gamma"}, s.rollout, 1
	if u := d.Float64(); u < threeProducts {
		n = 3
	} else if u < twoProducts {
		n = 2
	}
	for i := range n {
		to := noDay
		if i < n-1 {
			to = from + 90 + d.IntN(400)
		}
		s.products = append(s.products, product{names[(int(u*100)+i)%3], from, to})
		from = to + 1
	}
}

// latentChance is the chance of being accompanied by what nobody sees: the
// parents who are about to come anyway, and those whose rate is low.
func (b *basin) latentChance(p *person) float64 {
	switch p.kind {
	case kindDelayed:
		return 0.30
	case kindNever:
		return 0.05
	}
	return accompaniedBand[band(int(4*b.rate(p, p.schools[0])))]
}

// assessment is when the work behind a class's k-th publication was done and
// given back. Where grades are deferred they show some days after the copies;
// elsewhere before, or on the same day. Trained staff take less time.
func (b *basin) assessment(s *school, c *class, k int) (assessed, returned int) {
	h := mix(b.r.seed, streamRegisters, uint64(s.number), uint64(c.pubs[k]), uint64(k))
	day, _ := b.w.local(c.pubs[k])
	if day >= s.deferFrom {
		returned = day - 2 - int(h%5)
		assessed = returned - 3 - int(h>>8%6)
	} else {
		returned = day + int(h%4)
		assessed = day - 2 - int(h>>8%6)
	}
	if day >= s.trained {
		assessed += min(2, day-assessed)
		returned = max(returned, assessed)
	}
	return assessed, returned
}

// content is one item published to a class, or to a whole school.
type content struct {
	school, class int // class -1: the whole school
	ts            int64
	kind          string
	media         bool
}

// publishContents draws what the schools publish of the children's work: blogs
// in the écoles above all, videos, work books, and the school's news.
func (b *basin) publishContents() {
	for si := range b.schools {
		s := &b.schools[si]
		d := newDraw(b.r.seed, streamContents, uint64(s.number))
		cal := &b.w.zones[s.zone]
		for _, monday := range cal.monday {
			put := func(class int, kind string, media float64) {
				day, second, shown := monday+d.IntN(5), 8*3600+60*d.IntN(10*60), d.chance(media)
				if cal.schoolDay[day] && day >= s.rollout {
					b.contents = append(b.contents, content{si, class, b.w.at(day, second), kind, shown})
				}
			}
			if d.chance(0.5) {
				put(-1, "actualité", 0.3)
			}
			for i := range s.classes {
				rate := [3]float64{0.20, 0.05, 0.02}[s.level]
				for range d.poisson(rate) {
					put(i, [3]string{"blog", "cahier numérique", "vidéo"}[d.IntN(3)], 0.8)
				}
			}
		}
	}
}

// date writes a day of the window, or before it.
func (w *window) dateText(day int, layout string) string {
	if day == noDay {
		return ""
	}
	return w.date(day).Format(layout)
}

// instantText writes an instant in local time.
func (w *window) instantText(ts int64, layout string) string {
	return time.UnixMilli(ts).In(w.paris).Format(layout)
}
