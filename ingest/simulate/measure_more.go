package simulate

// more adds the measures that a Monte Carlo has no need of: those of the
// registers, of pupils and of families, and the effect of the accompaniment.
func (o *observer) more() {
	o.pupils()
	o.messages()
	o.familiesMore()
	o.books()
	o.news()
	o.deployed()
	if o.b.w.years > 0 {
		o.b.live(o.t)
	}
}
