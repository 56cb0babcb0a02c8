package national

import "testing"

// runOf repeats a number of visits.
func runOf(parts ...int64) (values []int64) {
	for i := 0; i < len(parts); i += 2 {
		for range parts[i+1] {
			values = append(values, parts[i])
		}
	}
	return values
}

func TestQuiet(t *testing.T) {
	for name, c := range map[string]struct {
		values, rest []int64
		since, until int // weeks; until -1: no silence
		stopped      bool
	}{
		"goes on":             {runOf(1000, 40), runOf(5000, 40), 0, -1, false},
		"stops":               {runOf(1000, 20, 0, 20), runOf(5000, 40), 20, 40, true},
		"a trickle is none":   {runOf(1000, 20, 9, 20), runOf(5000, 40), 20, 40, true},
		"a tenth is use":      {runOf(1000, 20, 100, 20), runOf(5000, 40), 0, -1, false},
		"comes back":          {runOf(1000, 10, 0, 15, 900, 15), runOf(5000, 40), 10, 25, false},
		"too short":           {runOf(1000, 31, 0, 9), runOf(5000, 40), 0, -1, false},
		"everything is quiet": {runOf(1000, 20, 0, 20), runOf(5000, 20, 0, 20), 0, -1, false},
		"never began":         {runOf(0, 40), runOf(5000, 40), 0, -1, false},
		"began late":          {runOf(0, 20, 1000, 20), runOf(5000, 40), 0, -1, false},
		"hardly used":         {runOf(3, 20, 0, 20), runOf(5000, 40), 0, -1, false},
	} {
		days := make([]int, len(c.values))
		for i := range days {
			days[i] = 7 * i
		}
		got := quiet(days, c.values, c.rest)
		if c.until < 0 {
			if len(got) != 0 {
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		want := Silence{Since: 7 * c.since, Until: 7 * c.until, Stopped: c.stopped}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
