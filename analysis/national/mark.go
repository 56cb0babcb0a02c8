package national

import "slices"

// MarkSchool is a school as a national mark needs it: its social position, and the
// visits of its parents on a smartphone and on any device.
type MarkSchool struct {
	UAI, Level        string
	IPSTenths, Pupils int64
	Smartphone, All   int64
}

// Mark is the share of parents' visits on a smartphone in the schools of a level, or,
// with a band from 1 to 5, in those of a quintile of its pupils by IPS.
type Mark struct {
	Level      string
	Band       int
	Schools    int
	Smartphone float64
}

// Marks are those of all levels, and the band of each school that has an IPS.
func Marks(schools []MarkSchool) (marks []Mark, bandOf map[string]int) {
	at := make([]position, len(schools))
	bandOf = map[string]int{}
	for _, level := range Levels {
		var ranked []int
		for i, s := range schools {
			at[i] = position{tenths: s.IPSTenths, pupils: s.Pupils}
			if s.Level == level && s.IPSTenths > 0 {
				ranked = append(ranked, i)
			}
		}
		quintiles(at, slices.Clone(ranked))
		for band := range bands + 1 {
			m := Mark{Level: level, Band: band}
			var phone, all int64
			for i, s := range schools {
				if s.Level == level && s.All > 0 && (band == 0 || at[i].band == band) {
					m.Schools++
					phone += s.Smartphone
					all += s.All
				}
			}
			if all > 0 {
				m.Smartphone = float64(phone) / float64(all)
				marks = append(marks, m)
			}
		}
		for _, i := range ranked {
			bandOf[schools[i].UAI] = at[i].band
		}
	}
	return marks, bandOf
}
