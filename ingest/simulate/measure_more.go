package simulate

// more adds the measures that a Monte Carlo has no need of.
func (o *observer) more() {
	if o.b.w.years > 0 {
		o.b.live(o.t)
	}
}
