package drawing

import "math"

// Sizes of the two layouts, in user units that are near pixels.
const (
	WideWidth, NarrowWidth = 720, 340
)

// Scale maps display units to user units: From to Start, To to End.
type Scale struct{ From, To, Start, End float64 }

// At is where v lies.
func (s Scale) At(v float64) float64 {
	return s.Start + (v-s.From)/(s.To-s.From)*(s.End-s.Start)
}

// Ticks are round numbers from 0 that cover [low, high], about n of them.
func Ticks(low, high float64, n int) []float64 {
	span := high - math.Min(low, 0)
	if span <= 0 {
		span = 1
	}
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw*0.999999 {
			step = m * power
			break
		}
	}
	first := 0
	for float64(first)*step > low+1e-9 {
		first--
	}
	var t []float64
	for i := first; ; i++ {
		v := math.Round(float64(i)*step*1e6) / 1e6
		t = append(t, v)
		if v >= high-1e-9 {
			return t
		}
	}
}
