package national

import "context"

// lineWeeks is the step of the line of a school.
const lineWeeks = 4

// Line is what pages draw of one school: visits of parents for each week measured,
// four weeks at a time, from the first Monday of the file on.
type Line struct {
	Visits, Weeks []int32
}

// Position is the social position of a school in the reference year.
type Position struct {
	Band   int // 1 to 5, 0 without IPS
	IPS    float64
	Pupils int64
}

// lines reads the line of each school.
func (a *answer) lines(ctx context.Context, t *tables) error {
	if len(a.Years) == 0 {
		return nil
	}
	origin := a.Years[0].First
	steps := (a.Years[len(a.Years)-1].Last-origin)/(7*lineWeeks) + 1
	a.out.Lines = make([]*Line, len(a.Schools))
	err := t.each(ctx, "school_month", func(b *batch) func(int) {
		uai, start, visits, weeks := b.texts("uai"), b.ints("start"), b.ints("visits"), b.ints("weeks")
		return func(i int) {
			at := a.place[uai(i)]
			if a.out.Lines[at] == nil {
				a.out.Lines[at] = &Line{make([]int32, steps), make([]int32, steps)}
			}
			k := (int(start(i)) - origin) / (7 * lineWeeks)
			a.out.Lines[at].Visits[k], a.out.Lines[at].Weeks[k] = int32(visits(i)), int32(weeks(i))
		}
	}, origin)
	if err != nil {
		return err
	}
	if year := a.reference(); year >= 0 {
		for _, p := range a.positionsOf(year) {
			a.out.Positions = append(a.out.Positions, Position{p.band, float64(p.tenths) / 10, p.pupils})
		}
	}
	return nil
}
