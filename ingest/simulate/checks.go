package simulate

const (
	checkDay    = 0.55 // chance of a day of checking: school days
	checkFree   = 0.40 // … week-ends
	checkOff    = 0.10 // … holidays
	checkSeeds  = 1.0  // checks of a day that nothing excites, beyond the first
	checkBranch = 0.55 // checks that one check excites
	checksAWeek = (5*checkDay + 2*checkFree) * (1 + checkSeeds) / (1 - checkBranch)
)

// checks are the self-exciting visits of the very frequent checkers: a cascade
// within the day, each check exciting others about an hour and a half later.
func (b *basin) checks(d draw, out []visit, si, from, to int, night bool) []visit {
	cal := &b.w.zones[b.schools[si].zone]
	for day := from; day < to; day++ {
		chance := checkFree
		if cal.holiday[day] {
			chance = checkOff
		} else if cal.schoolDay[day] {
			chance = checkDay
		}
		if b.w.years > 0 && day >= b.schools[si].deferFrom {
			chance *= deferredFactor
		}
		if !d.chance(chance) {
			continue
		}
		var queue []int
		for range 1 + d.poisson(checkSeeds) {
			second := d.second(parentHours)
			if night && d.chance(0.25) {
				second = 23*3600 + d.IntN(3600)
			}
			queue = append(queue, second)
		}
		for len(queue) > 0 && len(queue) < 40 {
			second := queue[0]
			queue = queue[1:]
			out = append(out, visit{day, second, si, visitCheck})
			for range d.poisson(checkBranch) {
				if next := second + 2400 + int(d.exp(3000)); next < 24*3600 {
					queue = append(queue, next)
				}
			}
		}
	}
	return out
}
