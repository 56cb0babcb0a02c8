package national

import (
	"math"
	"testing"
)

// TestMarks weighs a share by visits and a quintile by pupils; a school of no IPS counts
// in its level alone, one of another level nowhere.
func TestMarks(t *testing.T) {
	var schools []MarkSchool
	for i := range int64(10) {
		schools = append(schools, MarkSchool{UAI: string(rune('a' + i)), Level: "college", IPSTenths: 800 + 10*i,
			Pupils:     100,
			Smartphone: 10 * i, All: 100})
	}
	schools = append(schools, MarkSchool{UAI: "none", Level: "college", Smartphone: 1000, All: 1000},
		MarkSchool{UAI: "other", Smartphone: 5, All: 5}, MarkSchool{UAI: "silent", Level: "college", IPSTenths: 900,
			Pupils: 1})
	marks, bandOf := Marks(schools)
	want := []Mark{
		{"college", 0, 11, 0.725}, {"college", 1, 2, 0.05}, {"college", 2, 2, 0.25}, {"college", 3, 2, 0.45},
		{"college", 4, 2, 0.65}, {"college", 5, 2, 0.85},
	}
	if len(marks) != len(want) {
		t.Fatalf("%+v", marks)
	}
	for i, m := range marks {
		w := want[i]
		if m.Level != w.Level || m.Band != w.Band || m.Schools != w.Schools ||
			math.Abs(m.Smartphone-w.Smartphone) > 1e-9 {
			t.Errorf("%+v, want %+v", m, w)
		}
	}
	if bandOf["a"] != 1 || bandOf["j"] != 5 || bandOf["none"] != 0 {
		t.Errorf("bands %v", bandOf)
	}
}
